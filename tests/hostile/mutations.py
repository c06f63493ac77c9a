"""Valid requests, spoiled by chance: a little, so that most of each is still what was meant."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

import attrs

from .probes import HEADERS, IDS, METHODS, QUERIES
from .wire import Raw

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 1.0, 2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 1e308, "", " "),
    *("0", "null", "\x00", "\ud800", "\u202e", "\ufeff", "a" * 256, "a" * 33_000, "1e5", "%s%n"),
    *("2026-05-15T09:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:60Z", "javascript:"),
    *([], {}, [[]], [None], {"": None}, [1] * 201, ["a"] * 60, "1024x1024", "0x0", "\r\nX: y"),
)
"""Values that somebody forgot somewhere."""

BYTES = (
    b"\x00",
    b"\xff",
    b"%",
    b"..",
    b"\r\n",
    b"'",
    b'"',
    b"\\",
    b"{",
    b"[",
    b"9" * 40,
    b"\xed\xa0\x80",
)


def spoiled_bytes(chance: Random, data: bytes) -> bytes:
    """A few bytes changed, put in, taken out or repeated."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
            case 1:
                data = data[:at] + chance.choice(BYTES) + data[at:]
            case 2:
                data = data[:at] + data[at + chance.randint(1, 8) :]
            case _:
                data = data[:at] + data[max(0, at - 20) : at] * chance.randint(1, 4) + data[at:]
    return data


def spoiled_value(chance: Random, value: Any) -> Any:
    """The same JSON with something else in one place."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(list(value))
        match chance.randrange(4):
            case 0:
                return {key: kept for key, kept in value.items() if key != name}
            case 1:
                return {
                    **value,
                    chance.choice(["id", "team_id", "", "a" * 300]): chance.choice(ODD),
                }
            case _:
                return {**value, name: spoiled_value(chance, value[name])}
    if isinstance(value, list) and value and chance.random() < 0.5:
        at = chance.randrange(len(value))
        return [*value[:at], spoiled_value(chance, value[at]), *value[at + chance.randrange(2) :]]
    if isinstance(value, str) and value and chance.random() < 0.5:
        data = spoiled_bytes(chance, value.encode("utf-8", "surrogatepass"))
        return data.decode("utf-8", "replace")
    if chance.random() < 0.1:
        return [value] * chance.randint(0, 30)
    return chance.choice(ODD)


def structure(chance: Random, raw: Raw) -> Raw:
    """Another body of the same kind, or one where there was none."""
    value = spoiled_value(chance, json.loads(raw.body or b"{}"))
    return raw.saying(
        json.dumps(value, ensure_ascii=chance.random() < 0.7).encode("utf-8", "replace")
    )


def body(chance: Random, raw: Raw) -> Raw:
    """A body with wrong bytes in it; its length is right."""
    return raw.saying(spoiled_bytes(chance, raw.body))


def segment(chance: Random, raw: Raw) -> Raw:
    """Another word somewhere in the path."""
    path, mark, query = raw.target.partition(b"?")
    parts = path.split(b"/")
    at = chance.randrange(1, len(parts)) if len(parts) > 1 else 0
    if chance.random() < 0.5:
        parts[at] = chance.choice(IDS)[:200].encode()
    else:
        parts[at] = quote_from_bytes(spoiled_bytes(chance, parts[at]), safe="%:;,@").encode()
    return attrs.evolve(raw, target=b"/".join(parts) + mark + query)


def query(chance: Random, raw: Raw) -> Raw:
    """Something more, or something else, behind the question mark."""
    path, _, asked = raw.target.partition(b"?")
    if asked and chance.random() < 0.5:
        asked = quote_from_bytes(spoiled_bytes(chance, asked), safe="=&%").encode()
    else:
        asked += (b"&" if asked else b"") + chance.choice(QUERIES)[:400].encode()
    return attrs.evolve(raw, target=path + b"?" + asked)


def header(chance: Random, raw: Raw) -> Raw:
    """A header that lies."""
    name, value = chance.choice(HEADERS)
    if chance.random() < 0.3:
        value = bytes(byte for byte in spoiled_bytes(chance, value) if byte not in b"\r\n\x00")
    return raw.having((name, value))


def without_header(chance: Random, raw: Raw) -> Raw:
    """One header less."""
    kept = [name for name, _ in raw.headers if name.lower() != b"content-length"]
    return raw.without(chance.choice(kept).lower()) if kept else raw


def method(chance: Random, raw: Raw) -> Raw:
    """Another verb."""
    return attrs.evolve(raw, method=chance.choice((b"GET", b"POST", b"PUT", b"DELETE", *METHODS)))


MUTATORS: Sequence[tuple[Callable[[Random, Raw], Raw], int]] = (
    *((structure, 8), (body, 2), (segment, 4), (query, 4), (header, 3), (without_header, 1)),
    (method, 1),
)
"""With how often each is taken."""


def mutated(chance: Random, raw: Raw) -> Raw:
    """A request with nothing to three things wrong with it."""
    spoilers, weights = zip(*MUTATORS, strict=True)
    for spoil in chance.choices(spoilers, weights, k=chance.choice((0, 1, 1, 1, 2, 2, 3))):
        try:
            raw = spoil(chance, raw)
        except ValueError:
            raw = body(chance, raw)  # what is no JSON any more is spoiled as bytes
    return raw
