"""Three lanes to one database, three connections, so that nobody waits behind somebody else's question.

`poll` refreshes what is on screen and gives up early, `query` answers what a person asked and may be cancelled, `act`
is opened for a confirmed action and kept for events. The first two are read-only by the server's word. What is exported
or planned has a connection of its own, for which one that nobody uses makes way. So there are more than three only
while more than three are at work at once, because an action must not wait for an export that takes minutes. A server
that is one session for all clients gets one connection for everything.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel

from console.db.pipeline import Answers, Request
from console.db.poll import PATIENCE_MS, Poll, patience_ms
from console.db.pulse import Pulse, Pulses
from console.db.query import Query
from console.db.server import Server
from console.db.session import Session
from console.db.target import Target
from console.errors import StatementFailed

M = TypeVar("M", bound=BaseModel)

Lane = Literal["poll", "query", "act", "export", "plan"]
"""Which connection: the three, one while something is exported, and one for a moment while a statement is planned."""

_PATIENT = {"statement_timeout": "60000", "lock_timeout": "1000", "search_path": "pg_catalog"}
MOST = 3
"""Connections beyond which those that nobody uses are closed."""

_DISPENSABLE: tuple[Lane, ...] = ("act", "query", "poll")
"""The lanes that make way, the one that is missed least first."""

LANES: dict[Lane, dict[str, str]] = {
    "poll": {"statement_timeout": str(PATIENCE_MS), "lock_timeout": "100", "search_path": "pg_catalog"},
    "query": _PATIENT | {"plan_cache_mode": "force_custom_plan"},
    "act": _PATIENT | {"synchronous_commit": "on"},
    "export": _PATIENT | {"statement_timeout": "0", "lock_timeout": "60000"},
    "plan": _PATIENT | {"statement_timeout": "5000"},
}
"""Settings of each lane when it opens, times in milliseconds.

Without lock_timeout a reader waits for a chunk that is being compressed. A generic plan would look at every partition,
and at every condition that a search does without. What is written is on the disk when it is said to be. With a wider
search path an operator that somebody made in schema public could fit a comparison better than PostgreSQL's own, and
would run with our rights.
"""


class Database:
    """One database as the panes and the headless commands see it."""

    def __init__(self, target: Target) -> None:
        self.target = target
        """Which database, and how it was chosen."""
        self.known: Server | None = None
        """The server as it was last asked about itself; None before the first answer."""
        self.on_server: Callable[[Server], None] | None = None
        """Hears of the server whenever a new connection has asked: it may be another one, or promoted."""
        self.on_pulse: Callable[[Pulse], None] | None = None
        """Hears of every pulse."""
        self._lanes: dict[Lane, Session] = {}
        self._users = Counter[Lane]()
        self._others = 0
        self._poll = Poll()
        self._opening = asyncio.Lock()
        self._writing = asyncio.Lock()
        self._alone = asyncio.Lock()

    @property
    def pids(self) -> frozenset[int]:
        """The server processes of our own open lanes."""
        return frozenset(session.pid for session in self._lanes.values() if not session.closed)

    @property
    def pulses(self) -> Pulses:
        """How the server felt in the last ten minutes."""
        return self._poll.pulses

    def pace(self, interval: float | None) -> None:
        """What is polled is asked again after so many seconds; None: only on request."""
        self._poll.patience_ms = patience_ms(interval)

    def forget_refusals(self) -> None:
        """A person asks again: what was refused may have been granted meanwhile."""
        self._poll.refused.clear()

    async def server(self) -> Server:
        """Facts about the server; connects at the first call and again after a lost connection."""
        async with self._lane("poll") as session:
            server = await session.server()
        if server is not self.known:
            self.known = server
            if self.on_server is not None:
                self.on_server(server)
        return server

    async def look_again(self) -> Server:
        """Read the facts again: a right was given or taken, or a standby promoted."""
        async with self._lane("poll") as session:
            session.forget_server()
        return await self.server()

    async def pipeline(self, *requests: Request[Any]) -> Answers:
        """Ask on the poll lane, all in one round trip; the pulse rides behind.

        What our role may not read is not asked again on this connection until `forget_refusals`.
        """
        async with self._lane("poll") as session:
            answers, pulse = await self._poll.ask(session, requests)
        if pulse is not None and self.on_pulse is not None:
            self.on_pulse(pulse)
        if pulse is not None and self._has_changed(pulse):
            await self.look_again()
        return answers

    def _has_changed(self, pulse: Pulse) -> bool:
        """Whether a standby has been promoted since we asked what the server is."""
        return self.known is not None and self.known.in_recovery != pulse.in_recovery

    async def fetch(self, query: Query, model: type[M], /, **params: object) -> list[M]:
        """Ask on the query lane; cancelling the task cancels the query on the server."""
        async with self._lane("query") as session:
            return await session.fetch(query, model, **params)

    async def ask(self, *requests: Request[Any]) -> Answers:
        """Several questions on the query lane, in one round trip."""
        async with self._lane("query") as session:
            return await session.pipeline(*requests)

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[Session]:
        """The query lane in one read-only transaction, for questions that belong together."""
        async with self._lane("query") as session, session.transaction(read_only=True):
            yield session

    @asynccontextmanager
    async def act(self) -> AsyncIterator[Session]:
        """The writing connection for one action that a person has confirmed; closed afterwards."""
        async with self._writing:
            await self._leave("act", "query")  # where it waits for a lock, a session beside it looks who is in the way
            async with self._alone_in("act") as session:
                yield session

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[Session]:
        """A connection of its own in one transaction that sees the same rows throughout and writes none.

        For what takes minutes, such as an export; meanwhile a person can go on asking.
        """
        async with self._alone_in("export") as session, session.transaction(read_only=True, snapshot=True):
            yield session

    @asynccontextmanager
    async def thrown_away(self) -> AsyncIterator[Session]:
        """A connection of its own for what somebody else wrote: whatever that leaves behind ends with it."""
        async with self._alone_in("plan") as session:
            yield session

    async def record(self, query: Query, /, **params: object) -> None:
        """Append one audit event; it is on the disk when this returns.

        The only write without a dialog: one INSERT, a transaction by itself, on a connection that is kept open for
        the next one. Raises what the server says, and then nothing was recorded.
        """
        async with self._writing:
            shared = self._lanes.get("poll")
            if shared is not None and shared.single_session:
                async with self._alone_in("act") as session:
                    _require_written(await session.run(query, **params))
                return
            kept = await self._session("act")
            with self._using("act"):
                _require_written(await kept.run(query, **params))

    async def make_room(self) -> None:
        """Before somebody opens sessions of his own here: close what nobody uses, and all where there can be one."""
        shared = self._lanes.get("poll")
        if shared is not None and shared.single_session:
            await self.close()
        await self._leave("act", "query")

    @asynccontextmanager
    async def _alone_in(self, lane: Lane) -> AsyncIterator[Session]:
        """A new connection that is closed afterwards; where there can be only one, the others ask later."""
        shared = self._lanes.get("poll")
        if shared is None or not shared.single_session:
            async with await self._open(lane) as session:
                with self._beside():
                    yield session
            return
        async with self._alone, self._opening:  # a second connection would break this one, and what is asked there
            await shared.close()
            async with await self._open(lane) as session:
                yield session

    async def close(self) -> None:
        """Close every lane."""
        for session in self._lanes.values():
            await session.close()
        self._lanes.clear()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def _lane(self, lane: Lane) -> AsyncIterator[Session]:
        """The lane's connection; where one serves all of them, nobody acts while somebody asks."""
        session = await self._session(lane)
        with self._using(lane):
            if not session.single_session:
                yield session
                return
            async with self._alone:
                yield await self._session(lane)  # an action may have closed it meanwhile

    async def _session(self, lane: Lane) -> Session:
        """The lane's connection, opened when there is none or the last one broke."""
        async with self._opening:
            poll = self._lanes.get("poll")
            if poll is not None and poll.single_session:
                lane = "poll"
            session = self._lanes.get(lane)
            if session is not None and not self._users[lane] and not (session.settled or session.single_session):
                await session.close()  # what was given up at a bad moment would fail everybody who comes later
            if session is None or await session.ended():
                session = self._lanes[lane] = await self._open(lane)
            return session

    async def _open(self, lane: Lane) -> Session:
        """A new connection, for which those make way that nobody uses."""
        with self._beside():
            for idle in _DISPENSABLE:
                if len(self.pids) + self._others > MOST:
                    await self._leave(idle)
            return await Session.open(self.target, lane, settings=LANES[lane], read_only=lane in ("poll", "query"))

    async def _leave(self, *lanes: Lane) -> None:
        """Close those of these lanes that nobody uses; each opens again when somebody does."""
        for lane in lanes:
            if lane in self._lanes and not self._users[lane]:
                await self._lanes.pop(lane).close()

    @contextmanager
    def _using(self, lane: Lane) -> Iterator[None]:
        """A lane has somebody who uses it, or waits there for his turn."""
        self._users[lane] += 1
        try:
            yield
        finally:
            self._users[lane] -= 1

    @contextmanager
    def _beside(self) -> Iterator[None]:
        """A connection is there that is no lane, or is being opened."""
        self._others += 1
        try:
            yield
        finally:
            self._others -= 1


def _require_written(rows: int) -> None:
    """A trigger or a rule may swallow a row without an error; then nothing was recorded."""
    if rows != 1:
        raise StatementFailed(
            "The server took the event without an error, but wrote no row.",
            hint="Look at the triggers and rules of public.audit_logs.",
        )
