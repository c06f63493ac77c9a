"""What the painter can paint from nothing: one composition a module."""
