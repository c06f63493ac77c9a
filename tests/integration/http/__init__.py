"""The service as its clients see it: real requests through a real socket."""
