"""Images: making them, finding them, looking after them."""
