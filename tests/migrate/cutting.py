"""A proxy before a server's socket that cuts one connection around a word, such as a COMMIT."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Literal

from psycopg.conninfo import conninfo_to_dict, make_conninfo

PORT = 5432
Cut = Literal["before", "amid", "after"]
"""Before the server hears of it, amid its answer, or after it has answered."""


class Proxy:
    """Passes everything on until it is armed; then the next word of that kind is the last thing of its connection."""

    def __init__(self, upstream: str, cut: Cut, word: bytes) -> None:
        self._upstream = upstream
        self._cut = cut
        self._word = word
        self.armed = False
        """Set it, and the next word is cut."""
        self.serving: set[asyncio.Task[None]] = set()
        """One task for each connection."""

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one more connection."""
        self.serving.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(self._upstream)
        cut = asyncio.Event()
        pumps = [
            asyncio.create_task(self._forwards(reader, server_writer, cut)),
            asyncio.create_task(self._backwards(server_reader, writer, cut)),
        ]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        await asyncio.wait(pumps)
        for end in (server_writer, writer):
            end.close()
            with suppress(OSError):
                await end.wait_closed()

    async def _forwards(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        while data := await source.read(65536):
            if self.armed and self._word in data:
                self.armed = False
                if self._cut == "before":
                    return
                cut.set()
            sink.write(data)
            await sink.drain()

    async def _backwards(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        while data := await source.read(65536):
            if cut.is_set():  # the server has answered; nobody hears it, or only half of it
                if self._cut == "amid":
                    sink.write(data[: len(data) // 2])
                return
            sink.write(data)
            await sink.drain()


@asynccontextmanager
async def cutting(dsn: str, folder: Path, cut: Cut, word: bytes = b"commit\0") -> AsyncIterator[tuple[Proxy, str]]:
    """The proxy, and the DSN that leads through it."""
    upstream = f"{conninfo_to_dict(dsn)['host']}/.s.PGSQL.{PORT}"
    proxy = Proxy(upstream, cut, word)
    server = await asyncio.start_unix_server(proxy.accept, folder / f".s.PGSQL.{PORT}")
    try:
        yield proxy, make_conninfo(dsn, host=str(folder))
    finally:
        server.close()
        await asyncio.wait(proxy.serving)  # they end with their clients
