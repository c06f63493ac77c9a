"""What the sources never do: run text, unpack foreign objects, start programs, trust old hashes."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.named_tests import ROOT

SOURCES = sorted((ROOT / "src").rglob("*.py"))

NEVER_IMPORTED = {
    "ctypes": "memory is the interpreter's affair",
    "ftplib": "nothing is sent by it",
    "imaplib": "there is no mail",
    "jinja2": "pages are made from values by functions",
    "ldap": "there is no directory",
    "lxml": "there is no XML",
    "mako": "pages are made from values by functions",
    "marshal": "an object from outside is JSON, and read strictly",
    "pickle": "an object from outside is JSON, and read strictly",
    "shelve": "an object from outside is JSON, and read strictly",
    "smtplib": "there is no mail",
    "subprocess": "no other program is started",
    "telnetlib": "nothing is sent by it",
    "xml": "there is no XML",
    "xmlrpc": "there is no XML",
    "yaml": "an object from outside is JSON, and read strictly",
    "zipfile": "archives are written, never unpacked",
}
NEVER_CALLED = {"eval", "exec", "compile", "__import__", "breakpoint", "input"}
HASHES = {"sha256", "blake2b", "sha512", "shake_256"}
PLAY = ("adapters/memory/clock.py", "adapters/painter/chance.py", "entrypoints/seeding/")
"""Where chance is seeded and repeatable on purpose: pictures, test doubles, made-up galleries."""


def dotted(node: ast.expr) -> str:
    """``a.b.c`` where that is all there is, else what can be said of it."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


@cache
def parsed(file: Path) -> tuple[ast.AST, ...]:
    """Every node of a source that a rule looks at."""
    kinds = ast.Import | ast.ImportFrom | ast.Call
    return tuple(n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, kinds))


@cache
def imported(file: Path) -> frozenset[str]:
    """The names of all modules that a source imports, wherever."""
    found = set[str]()
    for node in parsed(file):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


@cache
def calls() -> tuple[tuple[Path, str, ast.Call], ...]:
    """Every call of something with a name: where, ``eval`` or ``os.system``, and the call."""
    return tuple(
        (file, dotted(node.func), node)
        for file in SOURCES
        for node in parsed(file)
        if isinstance(node, ast.Call)
    )


@pytest.mark.parametrize("module", NEVER_IMPORTED)
def test_what_is_dangerous_is_not_imported(module: str) -> None:
    """Each for a reason of its own."""
    users = [
        file.name for file in SOURCES for name in imported(file) if name.partition(".")[0] == module
    ]

    assert users == [], NEVER_IMPORTED[module]


def test_no_text_becomes_code_and_no_program_is_started() -> None:
    """Neither what a client sent nor anything else."""
    for file, name, _ in calls():
        assert name not in NEVER_CALLED, file
        assert not name.startswith(("os.system", "os.popen", "os.exec", "os.spawn")), file
        assert not name.startswith("asyncio.create_subprocess"), file


def test_patterns_are_ours() -> None:
    """No regular expression is made of a client's text."""
    for file, name, call in calls():
        if name in {"re.compile", "re.match", "re.fullmatch", "re.search", "re.sub"}:
            words = [node for node in ast.walk(call.args[0]) if isinstance(node, ast.Name)]
            assert all(word.id.strip("_").isupper() for word in words), file


def test_hashes_are_strong() -> None:
    """SHA-256 and its like, alone and in signatures."""
    for file, name, call in calls():
        if re.fullmatch(r"hashlib\.\w+", name):
            assert name.removeprefix("hashlib.") in HASHES, file
        if name in {"hmac.new", "hmac.digest"}:
            kind = ast.unparse(call.args[2]).replace("hashlib.", "").strip("'")
            assert kind in HASHES, file


def test_what_must_not_be_guessed_comes_from_the_system() -> None:
    """The module of games is imported where nothing is secret, and nowhere else."""
    for file in SOURCES:
        if {"random", "random.Random"} & imported(file):
            assert str(file.relative_to(ROOT / "src")).startswith(PLAY), file


def test_certificates_are_always_checked() -> None:
    """No client is told not to, and none follows a redirect."""
    for file, name, call in calls():
        told = {word.arg: getattr(word.value, "value", None) for word in call.keywords}
        assert told.get("verify", True), file
        assert told.get("follow_redirects", False) is False, file
        assert not name.endswith("_create_unverified_context"), file
