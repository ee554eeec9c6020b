"""Who keeps a run waiting, seen from a second, read-only session; everything works without it."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Self

from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.errors import ConsoleError
from console.migrate.server_models import Blocker
from console.sql.lexer import mask

_BLOCKERS = Query(__package__, "blockers")
_QUERY_LENGTH = 120


class Watch:
    """The second session; it is opened at the first look."""

    def __init__(self, target: Target, pid: int) -> None:
        self._target = target
        self._pid = pid
        self._session: Session | None = None
        self._looked = False
        self._told: set[int] = set()
        self.blockers: list[Blocker] = []
        """Who was in the way when last somebody was."""

    @property
    def seen(self) -> str:
        """Who is in the way, as the end of a sentence; empty as long as nobody has looked."""
        return f"; in the way: {_described(self.blockers)}" if self._looked else ""

    def news(self) -> str:
        """The same for one who is told again and again: whom he knows already is only called by his number."""
        if not self._looked:
            return ""
        told, self._told = self._told, {blocker.pid for blocker in self.blockers} | self._told
        return f"; in the way: {_described(self.blockers, told)}"

    @asynccontextmanager
    async def looking(self, every: float) -> AsyncIterator[None]:
        """Look every so many seconds while the statements inside run."""
        task = asyncio.create_task(self._look(every))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)  # takes its cancellation, and raises our own

    async def _look(self, every: float) -> None:
        with suppress(ConsoleError):
            self._session = self._session or await Session.open(self._target, "watch", read_only=True)
            while True:
                found = await self._session.fetch(_BLOCKERS, Blocker, pid=self._pid)
                self._looked = True
                if found:
                    self.blockers = [_masked(blocker) for blocker in found]
                await asyncio.sleep(every)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()


def _masked(blocker: Blocker) -> Blocker:
    return blocker.model_copy(update={"query": mask(blocker.query) if blocker.query else None})


def _described(blockers: Sequence[Blocker], known: Collection[int] = ()) -> str:
    """Who they are, in words.

    >>> idle = {"role": "ana", "application": "psql", "state": "idle in transaction", "transaction_age": 12.4}
    >>> _described([Blocker(pid=4711, query="select ?\\n  from tasks", **idle)])
    'session 4711 (ana psql, idle in transaction for 12 s): select ? from tasks'
    >>> _described([Blocker(pid=4711, query="select ?", **idle)], known={4711})
    'still session 4711'
    """
    words = [f"still {_name(each)}" if each.pid in known else _one(each) for each in blockers]
    return "; ".join(words) or "nobody that could be seen"


def _name(blocker: Blocker) -> str:
    return f"session {blocker.pid}" if blocker.pid else "a prepared transaction"


def _one(blocker: Blocker) -> str:
    if blocker.pid == 0:
        return _name(blocker)
    age = f" for {blocker.transaction_age:.0f} s" if blocker.transaction_age is not None else ""
    who = " ".join(filter(None, (blocker.role, blocker.application))) or "unknown"
    return f"{_name(blocker)} ({who}, {blocker.state or 'state unknown'}{age}): {_short(blocker.query or 'no query')}"


def _short(query: str) -> str:
    """A statement on one line, cut where a sentence would drown in it."""
    line = " ".join(query.split())
    return line if len(line) <= _QUERY_LENGTH else f"{line[: _QUERY_LENGTH - 1].rstrip()}…"
