"""The editorial calendar: what a project plans to publish, and when."""
