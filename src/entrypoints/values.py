"""What a setting takes: each reads a text, or raises ``ValueError`` saying what it takes."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .limits import Rate


def one_of(values: tuple[str, ...]) -> Callable[[str], str]:
    """A reader that takes these words."""

    def read(text: str) -> str:
        if text not in values:
            raise ValueError("one of " + ", ".join(values))
        return text

    return read


def folder(text: str) -> Path:
    """A folder."""
    return Path(text)


def http_url(text: str) -> str | None:
    """An address without query; the slash at its end does not count."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("an address such as https://pictures.example.com")
    return text.rstrip("/")


def number(low: int, high: int) -> Callable[[str], int]:
    """A whole number between two, both included."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def flag(text: str) -> bool:
    """Yes or no."""
    found: dict[str, Any] = {"1": True, "0": False, "true": True, "false": False}
    if text.lower() not in found:
        raise ValueError("1 or 0")
    return bool(found[text.lower()])


def rate(text: str) -> Rate | None:
    """So many in a time, or None for ``off``."""
    try:
        return None if text == "off" else Rate.parse(text)
    except ValueError as error:
        raise ValueError(f"{error}, or off") from None


def offset(text: str) -> timedelta:
    """A shift of the clock, there or back."""
    match = re.fullmatch(r"([+-][0-9]{1,5})([smhd])", text, re.ASCII)
    if match is None:
        raise ValueError("a shift such as +30d, +2h, -15m or -90s")
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[match[2]]
    return timedelta(**{unit: int(match[1])})
