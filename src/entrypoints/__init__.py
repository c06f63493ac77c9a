"""Ways in: HTTP and the command line. They decode, call one use case, and encode."""
