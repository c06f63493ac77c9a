"""The rule book: every rule has a test, and nothing that users can reach is without a rule."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import attrs
import click
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from tearsheet.adapters.memory import memory_ports
from tearsheet.entrypoints import cli_admin, cli_upkeep
from tearsheet.entrypoints.cli import cli
from tearsheet.entrypoints.http.app import create_app
from tearsheet.entrypoints.http.openapi import make_document
from tearsheet.entrypoints.settings import Settings, WrongSetting
from tests.integration.http.judging import CODES
from tests.named_tests import ROOT, exists

BOOK = ROOT / "docs" / "rules.md"


@attrs.frozen
class Rule:
    """One line of the book and what stands below it."""

    line: int
    text: str
    tests: tuple[str, ...]


LINK = re.compile(r"  - \[`(?P<test>tests/[\w/]+\.py::\w+(?:::\w+)?)`\]\(\.\./(?P<file>[\w/.]+)\)")


def read(text: str) -> Iterator[Rule]:
    """The rules of a book; what is neither heading, prose, rule nor test is an error."""
    rule: Rule | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if match := LINK.fullmatch(line):
            assert rule is not None, f"line {number}: a test without a rule"
            assert match["test"].startswith(f"{match['file']}::"), f"line {number}: another file"
            rule = attrs.evolve(rule, tests=(*rule.tests, match["test"]))
            continue
        if rule is not None:
            yield rule
            rule = None
        if line.startswith("- "):
            rule = Rule(number, line.removeprefix("- "), ())
        assert not line.startswith(" "), f"line {number}: neither a rule nor a test"
    if rule is not None:
        yield rule


RULES = list(read(BOOK.read_text()))


def promised(text: str) -> bool:
    """Whether a rule speaks of this, between back quotes."""
    return any(text in quoted for rule in RULES for quoted in re.findall(r"`([^`]*)`", rule.text))


def test_every_rule_has_a_test_that_exists() -> None:
    """And says each of its tests once."""
    assert len(RULES) > 300
    for rule in RULES:
        where = f"docs/rules.md, line {rule.line}"
        assert rule.tests, f"{where}: a rule without a test"
        assert len(set(rule.tests)) == len(rule.tests), f"{where}: a test twice"
        for test in rule.tests:
            assert exists(test), f"{where}: {test} is not there"


def test_no_rule_is_told_twice() -> None:
    """However it is punctuated."""
    told = [re.sub(r"\W+", " ", rule.text).casefold() for rule in RULES]

    assert sorted(told) == sorted(set(told))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("  - [`tests/a.py::test_a`](../tests/a.py)", "a test without a rule"),
        ("- A rule.\n  - [`tests/a.py::test_a`](../tests/b.py)", "another file"),
        ("- A rule.\n  - `tests/a.py::test_a`", "neither a rule nor a test"),
    ],
)
def test_a_slip_in_the_book_is_noticed(text: str, complaint: str) -> None:
    """So that no line is passed over."""
    with pytest.raises(AssertionError, match=complaint):
        list(read(text))


@pytest.mark.parametrize(
    "name",
    [
        "tests/unit/nothing.py::test_a",
        "tests/unit/test_rule_book.py::test_nothing",
        "tests/unit/test_rule_book.py::exists",
        "tests/integration/test_stores.py::TestImages::test_nothing",
        "tests/integration/test_stores.py::TestNothing::test_save_keeps_the_new_state",
    ],
)
def test_what_pytest_would_not_find_does_not_exist(name: str) -> None:
    """A file, a test, a class; an inherited test does."""
    assert not exists(name)
    assert exists("tests/integration/test_stores.py::TestImages::test_save_keeps_the_new_state")


@cache
def app() -> Litestar:
    """The whole application."""
    return create_app(memory_ports(), public_url="http://test", secret_key="a secret of the tests")


def operations() -> list[str]:
    """Method and address of every endpoint, as ``GET /v1/images/{}``."""
    return [
        f"{method} {re.sub(r'{[^}]*}', '{}', route.path)}"
        for route in app().routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods - {"HEAD", "OPTIONS"}
        if route.path != "/docs/{name:str}"
    ]


def test_every_endpoint_has_a_rule() -> None:
    """By method and address, whatever a parameter is called."""
    quoted = {
        re.sub(r"{[^}]*}", "{}", text)
        for rule in RULES
        for text in re.findall(r"`([A-Z]+ /[^`]*)`", rule.text)
    }

    assert sorted(set(operations()) - quoted) == []


def named_in(schema: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    """The fields that a body may have."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    yield from schema.get("properties", {})
    for choice in schema.get("anyOf", []) + schema.get("oneOf", []):
        yield from named_in(choice, schemas)


def test_every_parameter_and_every_field_has_a_rule() -> None:
    """What may be said in a query or in a body, by its name."""
    document = make_document(app(), "http://test")
    schemas = document["components"]["schemas"]
    names = set[str]()
    for methods in document["paths"].values():
        for operation in methods.values():
            names |= {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"}
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            names |= set(named_in(body.get("schema", {}), schemas))
    words = {
        word
        for rule in RULES
        for quoted in re.findall(r"`([^`]*)`", rule.text)
        for word in re.findall(r"\w+", quoted)
    }

    assert len(names) > 30
    assert sorted(name for name in names if name.removesuffix("[]") not in words) == []


def test_every_code_of_a_refusal_has_a_rule() -> None:
    """Those that an answer may have, as the tests of every answer know them."""
    codes = {code for some in CODES.values() for code in some}

    assert sorted(code for code in codes if not promised(code)) == []


def commands(group: click.Group, *before: str) -> Iterator[str]:
    """Every command as it is typed."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        else:
            yield " ".join(("tearsheet", *before, name))


def test_every_command_has_a_rule() -> None:
    """As it is typed."""
    assert {cli_admin.team.name, cli_upkeep.migrate.name} <= set(cli.commands)

    assert sorted(command for command in commands(cli) if not promised(command)) == []


def test_every_setting_has_a_rule() -> None:
    """Those that the service itself lists to whoever guessed one."""
    with pytest.raises(WrongSetting) as refusal:
        Settings.read({"TEARSHEET_": "x"})
    names = re.findall(r"TEARSHEET_[A-Z_]+", str(refusal.value))

    assert len(names) > 10
    assert sorted(name for name in names if not promised(name)) == []
