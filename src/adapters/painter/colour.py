"""Colours and how they mix: in OKLab, where the way from blue to yellow is not grey."""

import math
from collections.abc import Sequence

Colour = tuple[int, int, int]
"""Red, green and blue, each 0 to 255, in sRGB."""

_Lab = tuple[float, float, float]


def from_hex(text: str) -> Colour:
    """``e8b04a`` as a colour."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """``a`` with this share (0 to 1) of ``b``, as the eye would put it."""
    if share <= 0:
        return a
    if share >= 1:
        return b
    (l1, a1, b1), (l2, a2, b2) = _to_lab(a), _to_lab(b)
    return _from_lab((l1 + (l2 - l1) * share, a1 + (a2 - a1) * share, b1 + (b2 - b1) * share))


def ramp(stops: Sequence[Colour], count: int) -> list[Colour]:
    """``count`` colours that lead through all stops, evenly spaced."""
    if len(stops) == 1 or count == 1:
        return [stops[0]] * count
    result = []
    for step in range(count):
        place = step * (len(stops) - 1) / (count - 1)
        index = min(int(place), len(stops) - 2)
        result.append(mix(stops[index], stops[index + 1], place - index))
    return result


def lighter(colour: Colour, by: float) -> Colour:
    """Nearer to white (``by`` above 0) or to black (below 0); 1 is all the way, hue is kept."""
    lightness, a, b = _to_lab(colour)
    to = 1.0 if by > 0 else 0.0
    kept = 1 - abs(by)
    return _from_lab((to + (lightness - to) * kept, a * kept**0.5, b * kept**0.5))


def at_most(colour: Colour, light: float) -> Colour:
    """The colour, darkened where it is lighter than this (0 to 1)."""
    now = lightness(colour)
    return lighter(colour, light / now - 1) if now > light else colour


def vivid(colour: Colour, factor: float) -> Colour:
    """More (``factor`` above 1) or less saturated; 0 is grey."""
    lightness, a, b = _to_lab(colour)
    return _from_lab((lightness, a * factor, b * factor))


def turned(colour: Colour, degrees: float) -> Colour:
    """The hue turned on the colour wheel."""
    lightness, a, b = _to_lab(colour)
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    return _from_lab((lightness, a * cos - b * sin, a * sin + b * cos))


def tone(lightness: float, chroma: float, hue: float) -> Colour:
    """The colour of this lightness (0 to 1), chroma (0 to about 0.3) and hue (degrees)."""
    angle = math.radians(hue)
    return _from_lab((lightness, chroma * math.cos(angle), chroma * math.sin(angle)))


def lightness(colour: Colour) -> float:
    """How light it looks, 0 to 1."""
    return _to_lab(colour)[0]


def hue(colour: Colour) -> float:
    """Where it stands on the colour wheel, in degrees."""
    _, a, b = _to_lab(colour)
    return math.degrees(math.atan2(b, a))


def chroma(colour: Colour) -> float:
    """How far it is from grey, 0 to about 0.3."""
    _, a, b = _to_lab(colour)
    return math.hypot(a, b)


def _linear(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


_LINEAR = tuple(_linear(value) for value in range(256))


def _encoded(value: float) -> int:
    value = min(1.0, max(0.0, value))
    share = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(share * 255)


def _to_lab(colour: Colour) -> _Lab:
    r, g, b = (_LINEAR[part] for part in colour)
    x = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    y = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    z = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * x + 0.7936177850 * y - 0.0040720468 * z,
        1.9779984951 * x - 2.4285922050 * y + 0.4505937099 * z,
        0.0259040371 * x + 0.7827717662 * y - 0.8086757660 * z,
    )


def _from_lab(lab: _Lab) -> Colour:
    lightness, a, b = lab
    x = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    y = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    z = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _encoded(+4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z),
        _encoded(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z),
        _encoded(-0.0041960863 * x - 0.7034186147 * y + 1.7076147010 * z),
    )
