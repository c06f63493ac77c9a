"""``./run advisories``: does anybody know of a weakness in what the locks pin?

Asks the public database of advisories (OSV) about every package of every lock. Three answers, told
apart by the exit status: 0 nothing is known, 1 something is, 2 nobody could be asked. Silence is
never taken for health: what is not understood, or is not about every package, is the third.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import attrs

from tools.locks import Pin, locks, read

SERVICE = "https://api.osv.dev"
SECONDS = 30
LOW = "LOW"


class NobodyToAsk(Exception):
    """The database could not be reached, or said what is not understood."""


@attrs.frozen
class Advisory:
    """One known weakness of one pinned package."""

    pin: Pin
    id: str
    summary: str
    severity: str

    def __str__(self) -> str:
        return f"{self.pin.name} {self.pin.version}: {self.id} ({self.severity}) {self.summary}"


def ask(address: str, question: Any = None) -> Any:
    """One answer of the database.

    :raises NobodyToAsk: when there is none.
    """
    body = None if question is None else json.dumps(question).encode()
    request = Request(address, body, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  (the operator's address)
            return json.loads(answer.read())
    except (URLError, OSError, ValueError) as error:
        raise NobodyToAsk(f"{address}: {error}") from error


def advisories(pins: Sequence[Pin], service: str) -> list[Advisory]:
    """What is known of these packages, whatever the machine they are for.

    :raises NobodyToAsk: unless every package has its answer.
    """
    waiting = [(pin, question(pin)) for pin in pins]
    found = dict[tuple[Pin, str], None]()
    while waiting:
        asked, waiting = waiting[:500], waiting[500:]
        answer = ask(f"{service}/v1/querybatch", {"queries": [query for _, query in asked]})
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list) or len(results) != len(asked):
            raise NobodyToAsk("the answer is not about every package")
        for (pin, query), result in zip(asked, results, strict=True):
            if not isinstance(result, dict):
                raise NobodyToAsk(f"the answer about {pin.name} is none")
            found |= {(pin, str(vuln["id"])): None for vuln in result.get("vulns", ())}
            if page := result.get("next_page_token"):
                waiting.append((pin, {**query, "page_token": page}))
    return [told_of(pin, name, service) for pin, name in found]


def question(pin: Pin) -> dict[str, Any]:
    """A package as the database knows it."""
    return {"package": {"ecosystem": "PyPI", "name": pin.name}, "version": pin.version}


def told_of(pin: Pin, name: str, service: str) -> Advisory:
    """An advisory in full. One that does not say how bad it is counts as bad."""
    told = ask(f"{service}/v1/vulns/{name}")
    if not isinstance(told, dict):
        raise NobodyToAsk(f"the answer about {name} is none")
    severity = str((told.get("database_specific") or {}).get("severity") or "UNRATED")
    summary = str(told.get("summary") or told.get("details") or "").partition("\n")[0]
    return Advisory(pin, name, summary[:100], severity.upper())


def pinned() -> list[Pin]:
    """Every package of every lock, once."""
    found = {(pin.name, pin.version): pin for lock in locks() for pin in read(lock.read_text())}
    return [found[name] for name in sorted(found)]


def look_up(pins: Sequence[Pin], service: str, accepted: Iterable[str]) -> int:
    """Say what is known; the exit status."""
    try:
        known = [found for found in advisories(pins, service) if found.id not in accepted]
    except NobodyToAsk as error:
        print(f"advisories: nobody could be asked, so nothing is known: {error}", file=sys.stderr)
        return 2
    for advisory in known:
        print(advisory)
    bad = [advisory for advisory in known if advisory.severity != LOW]
    print(f"{len(pins)} packages, {len(known)} advisories, {len(bad)} of them not low")
    return 1 if bad else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./run advisories", description=__doc__)
    parser.add_argument("--service", default=SERVICE, help="another database that speaks OSV")
    parser.add_argument(
        "--accept", action="append", default=[], metavar="ID", help="an advisory that is known"
    )
    said = parser.parse_args(arguments)
    return look_up(pinned(), said.service.rstrip("/"), said.accept)


if __name__ == "__main__":
    sys.exit(main())
