"""The image model that ships with the product: offline, deterministic, in Pillow alone."""

from .painter import Painter

__all__ = ["Painter"]
