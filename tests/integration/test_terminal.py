"""What people see at a terminal, eighty columns wide; what programs read stays clean."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import threading
from pathlib import Path

import attrs
import pytest

from tests.integration.processes import COMMAND, environment, install, run

NAME = "The Weekly " * 20 + "– and its end"
NAME_WORDS = re.findall(r"[^\W\d]+", NAME)
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@attrs.frozen
class Seen:
    """What a command wrote: on the terminal, and into its pipe, if there was one."""

    terminal: str
    piped: str
    status: int


def at_a_terminal(*words: str, piped: bool, **settings: str) -> Seen:
    """Run a command whose standard error, and output unless ``piped``, is a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, *words],
        env=environment(settings) | {"TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if piped else theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen = bytearray()

    def read() -> None:
        try:
            while piece := os.read(ours, 65_536):
                seen.extend(piece)
        except OSError:  # how a terminal of Linux ends
            pass

    reader = threading.Thread(target=read)
    reader.start()
    out, _ = process.communicate(timeout=120)
    reader.join(30)
    os.close(ours)
    return Seen(ESCAPES.sub("", seen.decode()), (out or b"").decode(), process.returncode)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A data folder with a team of a long name."""
    folder = str(tmp_path_factory.mktemp("terminal") / "data")
    install(Path(folder), credits=7)
    assert run("team", "create", NAME.strip(), DATA_DIR=folder).returncode == 0
    return folder


def test_a_long_name_is_folded_and_not_cut(data: str) -> None:
    """No line is longer than the terminal, and nothing of the name is missing."""
    seen = at_a_terminal("team", "list", piped=False, DATA_DIR=data)

    lines = [line.rstrip() for line in seen.terminal.splitlines()]
    assert seen.status == 0
    assert max(map(len, lines)) <= 80
    words = re.findall(r"[^\W\d]+", seen.terminal)
    assert words[-len(NAME_WORDS) :] == NAME_WORDS
    assert len([line for line in lines if line]) > 3


def test_into_a_pipe_a_row_is_a_line(data: str) -> None:
    """However long."""
    listed = run("team", "list", DATA_DIR=data)

    assert len(listed.stdout.splitlines()) == 3
    assert NAME in listed.stdout


@pytest.mark.parametrize("words", [["doctor"], ["purge"], ["migrate"]], ids=" ".join)
def test_whoever_waits_sees_that_something_moves(data: str, words: list[str]) -> None:
    """On the terminal; the one JSON document in the pipe stays clean."""
    seen = at_a_terminal(*words, "--json", piped=True, DATA_DIR=data)

    assert seen.status == 0
    json.loads(seen.piped)
    assert re.search("Looking at images|Sweeping|Migrating", seen.terminal)
    piped = run(*words, "--json", DATA_DIR=data)
    assert (piped.stdout, piped.stderr) == (seen.piped, "")
