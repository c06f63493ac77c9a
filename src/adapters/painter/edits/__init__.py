"""What the painter can do to somebody's picture: one kind of change a module."""
