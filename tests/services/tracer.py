"""What a program tells the system, in order: what it writes, syncs, names and sends.

``python -m tests.services.tracer FILE COMMAND…`` runs a command with all its threads and children
and writes a line of JSON to FILE for each call that matters to durability. It needs Linux and
as a rule nobody's leave: a process may trace its own children. A sandbox that forbids ``ptrace`` or
filters of system calls all the same makes it fail, and says so; there is no second way.
"""

import ctypes
import json
import os
import platform
import re
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

TRACEME, CONT, SYSCALL, SETOPTIONS, GET_SYSCALL_INFO = 0, 7, 24, 0x4200, 0x420E
OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000
"""Mark ends of calls, follow children, stop where the filter says, and let nobody outlive us."""

RETURNED, FILTERED = 2, 3
NO_NEW_PRIVILEGES, SECCOMP = 38, 22
WALL = 0x40000000

NUMBERS = {
    "x86_64": {
        1: "write", 18: "pwrite", 20: "writev", 44: "sendto", 46: "sendmsg",
        74: "fsync", 75: "fdatasync", 82: "rename", 86: "link", 264: "renameat",
        265: "linkat", 316: "renameat2",
    },
    "aarch64": {
        64: "write", 68: "pwrite", 66: "writev", 206: "sendto", 211: "sendmsg",
        82: "fsync", 83: "fdatasync", 38: "renameat", 37: "linkat", 276: "renameat2",
    },
}  # fmt: skip

NAME = re.compile(rb"[a-z2-7]{32}\.[a-z]{3,4}")
"""A blob's key, wherever it is written."""

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def ptrace(request: int, process: int, address: int = 0, data: Any = 0) -> None:
    """The call, or ``OSError``."""
    if libc.ptrace(request, process, address, data) == -1:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def stop_at(numbers: Iterable[int]) -> None:
    """From now on this process and its children stop at these calls, and at no others."""
    load, jump, give = 0x20, 0x15, 0x06
    steps = [(load, 0, 0, 0)]
    for number in numbers:
        steps += [(jump, 0, 1, number), (give, 0, 0, 0x7FF00000)]
    program = b"".join(struct.pack("HBBI", *step) for step in [*steps, (give, 0, 0, 0x7FFF0000)])
    code = ctypes.create_string_buffer(program, len(program))
    filter_ = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    )
    for what, how, with_ in ((NO_NEW_PRIVILEGES, 1, 0), (SECCOMP, 2, ctypes.addressof(filter_))):
        if libc.prctl(what, how, ctypes.c_void_p(with_), 0, 0) == -1:
            raise OSError(ctypes.get_errno(), "a filter is not allowed here")


class Tracer:
    """Notes each call when it has ended, with when it began and when it ended."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._numbers = NUMBERS[platform.machine()]
        self._under_way: dict[int, dict[str, Any]] = {}
        self._moment = 0

    def run(self, command: list[str]) -> int:
        """Run it to its end; the exit status."""
        main = os.fork()
        if main == 0:
            ptrace(TRACEME, 0)
            os.kill(os.getpid(), signal.SIGSTOP)
            stop_at(self._numbers)
            os.execvp(command[0], command)  # noqa: S606
        signal.signal(signal.SIGTERM, lambda *_: os.kill(main, signal.SIGTERM))
        os.waitpid(main, WALL)
        ptrace(SETOPTIONS, main, 0, OPTIONS)
        ptrace(CONT, main)
        seen = {main}
        while True:
            thread, status = os.waitpid(-1, WALL)
            if not os.WIFSTOPPED(status):
                if thread == main:
                    return os.waitstatus_to_exitcode(status)
                continue
            number, how = os.WSTOPSIG(status), CONT
            if number == signal.SIGTRAP | 0x80 or status >> 16 == 7:
                how = self._note(thread)
                number = 0
            elif number == signal.SIGTRAP or (number == signal.SIGSTOP and thread not in seen):
                number = 0
            seen.add(thread)
            try:
                ptrace(how, thread, 0, number)
            except ProcessLookupError:  # it was killed meanwhile
                continue

    def _note(self, thread: int) -> int:
        """A call that begins, and is stopped again when it ends; or one that has ended."""
        self._moment += 1
        info = ctypes.create_string_buffer(88)
        ptrace(GET_SYSCALL_INFO, thread, 88, ctypes.addressof(info))
        if info.raw[0] == FILTERED:
            number, *arguments = struct.unpack_from("<Q6Q", info.raw, 24)
            call = self._numbers[number]
            noted = self._described(thread, call, arguments)
            self._under_way[thread] = {"call": call, "began": self._moment, **noted}
            return SYSCALL
        if info.raw[0] == RETURNED and thread in self._under_way:
            noted = self._under_way.pop(thread)
            (returned,) = struct.unpack_from("<q", info.raw, 24)
            if returned >= 0:
                self._out.write(json.dumps(noted | {"ended": self._moment}) + "\n")
        return CONT

    def _described(self, thread: int, call: str, arguments: list[int]) -> dict[str, Any]:
        match call:
            case "link" | "rename":
                return {"path": self._text(thread, arguments[1])}
            case "linkat" | "renameat" | "renameat2":
                return {"path": self._text(thread, arguments[3])}
        path = str(Path(f"/proc/{thread}/fd/{arguments[0]}").readlink())
        if call in ("fsync", "fdatasync"):
            return {"path": path}
        if call == "sendmsg":
            pieces = struct.unpack("<QQ", self._memory(thread, arguments[1] + 16, 16))
        else:
            pieces = (arguments[1], arguments[2])
        if call in ("writev", "sendmsg"):
            vectors = struct.iter_unpack("<QQ", self._memory(thread, pieces[0], 16 * pieces[1]))
            data = b"".join(self._memory(thread, at, size) for at, size in vectors)
        else:
            data = self._memory(thread, *pieces)
        return {"path": path, "names": sorted({name.decode() for name in NAME.findall(data)})}

    def _memory(self, thread: int, address: int, size: int) -> bytes:
        file = os.open(f"/proc/{thread}/mem", os.O_RDONLY)
        try:
            return os.pread(file, size, address)
        finally:
            os.close(file)

    def _text(self, thread: int, address: int) -> str:
        """A string of the program's; it may lie at the end of what may be read."""
        room = 4096 - address % 4096
        data = self._memory(thread, address, room)
        if b"\0" not in data:
            data += self._memory(thread, address + room, 4096)
        return os.fsdecode(data.split(b"\0")[0])


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w") as out:
        status = Tracer(out).run(sys.argv[2:])
    sys.exit(status)
