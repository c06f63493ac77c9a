"""Archives: their bytes, what is in them, how they are asked for and how they end."""
