"""A relay before a server's socket: counts what passes, and makes the line as long as a real one."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.fixtures.running import private_folder

SOCKET = ".s.PGSQL.5432"
SILENCE = 0.3
"""Seconds of silence after an answer that end a refresh."""

EXECUTE, QUERY, READY = b"E", b"Q", b"Z"
"""What a client sends for each statement, and what the server says when all of what was sent is answered."""


class Messages:
    """Takes one direction of PostgreSQL's protocol apart, however it is cut into packets."""

    def __init__(self, *, startup: bool) -> None:
        self._startup = startup  # a client's first message has no type
        self._rest = b""

    def kinds(self, data: bytes) -> Iterator[bytes]:
        """The types of the messages that end in these bytes."""
        self._rest += data
        while True:
            head = 0 if self._startup else 1
            length = head + int.from_bytes(self._rest[head : head + 4])
            if len(self._rest) < max(length, head + 4):
                return
            kind, self._rest, self._startup = self._rest[:head], self._rest[length:], False
            yield kind


@dataclass(slots=True)
class Exchange:
    """What a program asked in one go, on all of its connections together."""

    began: float
    """When its first byte came, on the monotonic clock."""
    ended: float
    """When the last byte of the answer was passed on."""
    sent: int = 0
    """Bytes to the server."""
    received: int = 0
    """Bytes from it."""
    statements: int = 0
    """How many were executed."""
    round_trips: int = 0
    """How often the program waited for the server."""

    @property
    def seconds(self) -> float:
        """How long the program waited."""
        return self.ended - self.began


class Relay:
    """Passes everything on, each packet so much later."""

    def __init__(self, upstream: Path) -> None:
        self.delay = 0.0
        """Seconds that a packet takes, one way."""
        self.exchanges: list[Exchange] = []
        """What was asked so far, in order."""
        self._upstream = upstream
        self._serving: set[asyncio.Task[None]] = set()

    def since(self, moment: float) -> list[Exchange]:
        """What was asked after a moment on the monotonic clock, and has been answered."""
        now = monotonic()
        return [exchange for exchange in self.exchanges if exchange.began > moment and exchange.ended < now]

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one more connection."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def close(self) -> None:
        """End all connections."""
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(self._upstream)
        try:
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(reader, server_writer, self._asked, startup=True))
                pumps.create_task(self._pump(server_reader, writer, self._answered, startup=False))
        finally:
            server_writer.close()
            writer.close()

    async def _pump(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        count: Callable[[int, list[bytes]], None],
        *,
        startup: bool,
    ) -> None:
        later, messages = asyncio.get_running_loop().call_later, Messages(startup=startup)
        with suppress(ConnectionError):
            while data := await source.read(1 << 16):
                count(len(data), list(messages.kinds(data)))
                later(self.delay, sink.write, data)  # not after a sleep: packets travel beside each other
        later(self.delay, sink.close)

    def _asked(self, size: int, kinds: list[bytes]) -> None:
        now = monotonic()
        if not self.exchanges or now - self.exchanges[-1].ended > SILENCE:
            self.exchanges.append(Exchange(now, now))
        latest = self.exchanges[-1]
        latest.sent += size
        latest.statements += kinds.count(EXECUTE) + kinds.count(QUERY)
        latest.ended = max(latest.ended, now + 2 * self.delay)  # it cannot be answered earlier

    def _answered(self, size: int, kinds: list[bytes]) -> None:
        latest = self.exchanges[-1]
        latest.received += size
        latest.round_trips += kinds.count(READY)
        latest.ended = monotonic() + self.delay


@contextmanager
def relayed(socket_dir: Path) -> Iterator[tuple[Relay, Path]]:
    """The relay before a server, and the folder of its socket; it has a thread of its own, so that others can watch."""
    relay, loop = Relay(socket_dir / SOCKET), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    with private_folder() as folder:
        listening = asyncio.start_unix_server(relay.accept, folder / SOCKET)
        server = asyncio.run_coroutine_threadsafe(listening, loop).result()
        try:
            yield relay, folder
        finally:
            loop.call_soon_threadsafe(server.close)
            asyncio.run_coroutine_threadsafe(relay.close(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
