"""Thousands of requests that the OpenAPI document allows, and thousands that it forbids.

Schemathesis makes them out of the document, sends them to a running service, and holds every
answer against it: ``python -m tests.schema_cases --cases 20000 --seed 7 --database postgres``. The
same seed asks the same questions. Ids that stand for something stand among the values that it may
choose, so that most requests reach what they are about.
"""

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
import schemathesis
from anyio.from_thread import start_blocking_portal
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tearsheet.adapters.memory import memory_ports
from tearsheet.core.ports import Ports
from tests.integration.http.running import TeamCaller, running_from_memory
from tests.integration.opening import DATABASES, STORES, Places, Servers, make_template, over
from tests.schema_stock import Stock, collect

PHASES = ("examples", "coverage", "fuzzing", "stateful")

BEYOND_A_SCHEMA = (
    "no such",  # an id of something that is not there
    "must not be after to",  # two parameters that contradict each other
    "must not be sent with page",  # the same
    "the next_cursor of a page",  # a cursor carries a signature
    "is needed when status is",  # two fields that need each other
    "a moment in the future",  # which moments are, changes
    "an integer, not a number",  # 1.0 is an integer to JSON Schema, and none to us
    "a time within the years",  # the offset carries it past the last year that there is
    "a time that exists",  # a leap second does not
    "a tag has 1 to",  # counted after folding the case
    "must not be blank",  # more kinds of blanks than a pattern knows
    "was used for another request",  # of two requests with one key
    "an address such as",  # a host has a grammar of its own
)
"""Rules that JSON Schema has no words for: what breaks only these may be refused all the same."""

OF_THE_MODEL = ("unsupported_by_model", "nothing_to_export")
"""Codes that depend on the model, or on the state that things are in."""


@attrs.define
class Report:
    """What was asked and what came of it."""

    cases: Counter[str] = attrs.field(factory=Counter)
    statuses: defaultdict[str, Counter[int]] = attrs.field(factory=lambda: defaultdict(Counter))
    failures: dict[tuple[str, str, str], list[str]] = attrs.field(factory=dict)
    errors: list[str] = attrs.field(factory=list)

    @property
    def total(self) -> int:
        """How many requests were sent."""
        return sum(self.cases.values())

    def note(self, event: Any) -> None:
        """Take in one scenario."""
        recorder = event.recorder
        self.cases[event.phase.name.lower()] += len(recorder.interactions)
        for case_id, interaction in recorder.interactions.items():
            node = recorder.cases.get(case_id)
            if node is not None and interaction.response is not None:
                label = node.value.operation.label
                self.statuses[label][interaction.response.status_code] += 1
        for checks in recorder.checks.values():
            for check in checks:
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    key = (check.name, str(failure.operation), failure.title)
                    told = f"{failure.message}\n{check.failure_info.code_sample}"
                    self.failures.setdefault(key, []).append(told)

    def __str__(self) -> str:
        rows = [f"{'operation':<52}{'cases':>7}  answers"]
        for label, found in sorted(self.statuses.items()):
            answers = " ".join(f"{status}×{count}" for status, count in sorted(found.items()))
            rows.append(f"{label:<52}{sum(found.values()):>7}  {answers}")
        phases = ", ".join(f"{name} {count}" for name, count in self.cases.items())
        rows.append(f"{self.total} cases ({phases}), {len(self.failures)} kinds of failures")
        for (check, label, title), told in self.failures.items():
            rows.append(f"\n{len(told)}× {check}: {label}: {title}\n{told[0][:1500]}")
        return "\n".join([*rows, *self.errors])


def settings(stock: Stock, *, seed: int, each: int, steps: int) -> SchemathesisConfig:
    """How hard to try: ``each`` random requests for every operation."""
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": stock.base_url,
            "continue-on-failure": True,
            "auth": {"openapi": {"token": {"bearer": stock.token}}},
            "dictionaries": {name: {"values": values} for name, values in stock.words.items()},
            "parameters": stock.everywhere,
            "operations": stock.somewhere,
            "generation": {
                "max-examples": each,
                "database": "none",
                "allow-x00": False,  # no text takes NUL, as the document says once for all
            },
            "phases": {
                **{phase: {"enabled": True} for phase in PHASES},
                "stateful": {"enabled": True, "generation": {"max-examples": steps}},
            },
            "checks": {
                # 402, 412 and 416 depend on the state that things are in, not on the request
                "positive_data_acceptance": {
                    "expected-statuses": [
                        *("2xx", "3xx", "401", "402", "403", "404", "409", "412", "416", "429"),
                    ],
                },
            },
            "cache": {"enabled": False},
        }
    )


def stripped(value: Any) -> Any:
    """A body as the service takes it: every text trimmed."""
    match value:
        case str():
            return value.strip()
        case dict():
            return {name: stripped(item) for name, item in value.items()}
        case list():
            return [stripped(item) for item in value]
    return value


def trimmed_fits(document: Mapping[str, Any], failure: Any, case: Any) -> bool:
    """Whether what was taken against its schema is within it once texts are trimmed.

    Lengths are counted after trimming, for which a schema has no words.
    """
    if type(failure).__name__ != "AcceptedNegativeData" or not isinstance(case.body, dict):
        return False
    operation = document["paths"][case.operation.path][case.operation.method.lower()]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": document["components"]}
    return bool(Draft202012Validator(whole).is_valid(stripped(case.body)))


def told_of_more(failure: Any, response: Any) -> bool:
    """Whether something was refused by nothing but rules that no schema can state."""
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code != 422:
        return False
    body = json.loads(response.content)
    broken = [error["message"] for error in body.get("errors", ())]
    return body["code"] in OF_THE_MODEL or all(
        any(rule in message for rule in BEYOND_A_SCHEMA) for message in broken
    )


def run(document: Mapping[str, Any], config: SchemathesisConfig) -> Report:
    """Ask everything, and report."""
    schema = schemathesis.openapi.from_dict(dict(document), config=config)

    @schema.hook
    def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
        return not (told_of_more(failure, response) or trimmed_fits(document, failure, case))

    report = Report()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            report.note(event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            report.errors.append(str(getattr(event, "info", None) or event))
    return report


def ask(team: TeamCaller, *, seed: int, each: int, steps: int) -> Report:
    """Fill a team's shelves, then ask the service everything about them."""
    stock = collect(team)
    return run(team.judge.document, settings(stock, seed=seed, each=each, steps=steps))


@asynccontextmanager
async def ports_over(database: str) -> AsyncIterator[Ports]:
    """Rows in this kind of database, made for the occasion; everything else in memory."""
    servers = Servers()
    try:
        with tempfile.TemporaryDirectory() as folder:
            template = await make_template(Path(folder) / "template.db")
            places = Places(Path(folder), template, servers)
            async with STORES[database](places) as store:
                yield over(store, memory_ports())
    finally:
        servers.stop()


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="about how many in all")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", choices=("memory", *DATABASES), default="memory")
    chosen = parser.parse_args()
    with (
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(ports_over(chosen.database)) as ports,
        running_from_memory(portal, ports) as service,
    ):
        team = service.new_team(credits=10**9)
        operations = sum(len(methods) for methods in team.judge.document["paths"].values())
        each = max(1, (chosen.cases - 3_000) // operations)
        report = ask(team, seed=chosen.seed, each=each, steps=max(1, each // 4))
    print(f"checks: {', '.join(sorted(CHECKS.get_all_names()))}")  # noqa: T201
    print(report)  # noqa: T201
    raise SystemExit(1 if report.failures or report.errors else 0)


if __name__ == "__main__":
    main()
