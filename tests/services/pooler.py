"""A pooler in transaction mode, as strict as pgbouncer: every transaction of a client goes to the
server connection that was used the longest ago, whoever used it."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]

SERVERS = 3
"""Connections to the server."""


@attrs.define
class Pooler:
    """Speaks as much of PostgreSQL's protocol as it takes to see where a transaction ends."""

    server: Path
    """The server's socket."""
    idle: asyncio.Queue[Line] = attrs.field(factory=asyncio.Queue)
    greeting: bytes = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, from its greeting to its end."""
        try:
            length = await reader.readexactly(4)
            startup = length + await reader.readexactly(struct.unpack("!I", length)[0] - 4)
            if not self.greeting:
                for _ in range(SERVERS):
                    self.idle.put_nowait(await self._connect(startup))
            writer.write(self.greeting)
            while True:
                await self._transaction(reader, writer, await self._message(reader))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def close(self) -> None:
        """Let go of the server."""
        while not self.idle.empty():
            _, writer = self.idle.get_nowait()
            writer.close()
            await writer.wait_closed()

    async def _connect(self, startup: bytes) -> Line:
        reader, writer = await asyncio.open_unix_connection(str(self.server))
        writer.write(startup)
        self.greeting = b""
        while not self.greeting[-6:].startswith(b"Z\0\0\0\5"):
            self.greeting += await self._message(reader)
        return reader, writer

    async def _transaction(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes
    ) -> None:
        """Hand on what both say until the server says that no transaction is open."""
        if first[:1] == b"X":  # the client takes its leave
            raise ConnectionResetError
        from_server, to_server = await self.idle.get()
        to_server.write(first)
        status = b""
        while status != b"I":
            if first[:1] in b"QS":  # only after these the server says that it is ready
                status = b""
                while not status:
                    answer = await self._message(from_server)
                    writer.write(answer)
                    status = answer[5:6] if answer[:1] == b"Z" else b""
            if status != b"I":
                first = await self._message(reader)
                to_server.write(first)
        self.idle.put_nowait((from_server, to_server))

    async def _message(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readexactly(5)
        return head + await reader.readexactly(struct.unpack("!I", head[1:])[0] - 4)


@asynccontextmanager
async def pooling(server: Path, folder: Path) -> AsyncIterator[None]:
    """A pooler that listens in this folder while the block runs."""
    pooler = Pooler(server)
    listening = await asyncio.start_unix_server(pooler.serve, folder / server.name)
    async with listening:
        yield
    await pooler.close()
