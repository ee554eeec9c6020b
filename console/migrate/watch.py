"""Who keeps a run waiting, seen from its second session; everything works without it."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager, suppress

from console.db.query import Query
from console.errors import ConsoleError
from console.migrate.beside import Second, beside
from console.migrate.server_models import Blocker
from console.sql.lexer import mask

_BLOCKERS = Query(__package__, "blockers")
_QUERY_LENGTH = 120


class Watch:
    """What is known of those who were in the way of one session."""

    def __init__(self, second: Second, pid: int) -> None:
        self._second = second
        self._pid = pid
        self._looked = False
        self._told: set[int] = set()
        self.blockers: list[Blocker] = []
        """Who was in the way when last somebody was."""

    @property
    def seen(self) -> str:
        """Who is in the way, as the end of a sentence; empty as long as nobody has looked."""
        return f"; in the way: {described(self.blockers)}" if self._looked else ""

    def news(self) -> str:
        """The same for one who is told again and again: whom he knows already is only called by his number."""
        if not self._looked:
            return ""
        told, self._told = self._told, {blocker.pid for blocker in self.blockers} | self._told
        return f"; in the way: {described(self.blockers, told)}"

    def looking(self, every: float) -> AbstractAsyncContextManager[None]:
        """Look every so many seconds while the statements inside run."""
        return beside(self._look(every))

    async def _look(self, every: float) -> None:
        with suppress(ConsoleError):
            while True:
                found = await self._second.fetch(_BLOCKERS, Blocker, pid=self._pid)
                self._looked = True
                if found:
                    self.blockers = [masked(blocker) for blocker in found]
                await asyncio.sleep(every)


def masked(blocker: Blocker) -> Blocker:
    """The same without the values in its statement."""
    return blocker.model_copy(update={"query": mask(blocker.query) if blocker.query else None})


def described(blockers: Sequence[Blocker], known: Collection[int] = ()) -> str:
    """Who they are, in words.

    >>> idle = {"role": "ana", "application": "psql", "state": "idle in transaction", "transaction_age": 12.4}
    >>> described([Blocker(pid=4711, query="select ?\\n  from tasks", **idle)])
    'session 4711 (ana psql, idle in transaction for 12 s): select ? from tasks'
    >>> described([Blocker(pid=4711, query="select ?", **idle)], known={4711})
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
