"""What every scene is given to paint."""

from collections.abc import Callable

import attrs

from ..canvas import Canvas
from ..chance import Chance
from ..palette import Palette
from ..wording import Words


@attrs.frozen
class Idea:
    """What is to be painted: the words, the colours they call for, and all further choices."""

    words: Words
    palette: Palette
    chance: Chance


Scene = Callable[[Canvas, Idea], None]
"""Paints one composition over the whole canvas, whatever its size."""
