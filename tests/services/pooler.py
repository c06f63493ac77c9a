"""A pooler in transaction mode, as strict as pgbouncer: every transaction of a client goes to the
server connection that was used the longest ago, whoever used it."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import attrs

Said = asyncio.Task[bytes]
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]

READY = b"Z\0\0\0\5I"
"""What the server says when no transaction is open any more."""

SERVERS = 3
"""Connections to the server."""


@attrs.define
class Pooler:
    """Speaks as much of PostgreSQL's protocol as it takes to see where a transaction ends."""

    server: Path
    """The server's socket."""
    idle: asyncio.Queue[Line] = attrs.field(factory=asyncio.Queue)
    clients: "list[asyncio.Task[None]]" = attrs.field(factory=list)
    greeting: bytes = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, from its greeting to its end."""
        if task := asyncio.current_task():
            self.clients.append(task)
        try:
            length = await reader.readexactly(4)
            startup = length + await reader.readexactly(struct.unpack("!I", length)[0] - 4)
            if not self.greeting:
                for _ in range(SERVERS):
                    self.idle.put_nowait(await self._connect(startup))
            writer.write(self.greeting)
            said = asyncio.create_task(self._message(reader))
            while (await said)[:1] != b"X":
                said = await self._transaction(reader, writer, said)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # it took its leave
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def close(self) -> None:
        """Let go of the server, once the clients are gone."""
        await asyncio.gather(*self.clients)
        while not self.idle.empty():
            _, writer = self.idle.get_nowait()
            writer.close()
            await writer.wait_closed()

    async def _connect(self, startup: bytes) -> Line:
        reader, writer = await asyncio.open_unix_connection(str(self.server))
        writer.write(startup)
        self.greeting = b""
        while not self.greeting.endswith(READY):
            self.greeting += await self._message(reader)
        return reader, writer

    async def _transaction(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        said: Said,
    ) -> Said:
        """Hand on what both say until the server says that no transaction is open.

        What the client says next belongs to another transaction.
        """
        from_server, to_server = line = await self.idle.get()
        ended = asyncio.create_task(self._answers(from_server, writer))
        while not ended.done():
            if said.done():
                to_server.write(said.result())
                said = asyncio.create_task(self._message(reader))
            both: set[asyncio.Task[Any]] = {said, ended}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        await ended
        self.idle.put_nowait(line)
        return said

    async def _answers(self, server: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = b""
        while answer != READY:
            answer = await self._message(server)
            writer.write(answer)

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
