"""Who keeps a run waiting, seen from a second, read-only session; everything works without it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Self

from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.errors import ConsoleError
from console.migrate.models import Blocker
from console.sql.lexer import mask

_BLOCKERS = Query(__package__, "blockers")


class Watch:
    """The second session; it is opened at the first look."""

    def __init__(self, target: Target, pid: int) -> None:
        self._target = target
        self._pid = pid
        self._session: Session | None = None
        self._looked = False
        self.blockers: list[Blocker] = []
        """Who was in the way when last somebody was."""

    @property
    def seen(self) -> str:
        """Who is in the way, as the end of a sentence; empty as long as nobody has looked."""
        return f"; in the way: {_described(self.blockers)}" if self._looked else ""

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


def _described(blockers: Sequence[Blocker]) -> str:
    return "; ".join(_one(blocker) for blocker in blockers) or "nobody that could be seen"


def _one(blocker: Blocker) -> str:
    if blocker.pid == 0:
        return "a prepared transaction"
    age = f" for {blocker.transaction_age:.0f} s" if blocker.transaction_age is not None else ""
    who = " ".join(filter(None, (blocker.role, blocker.application))) or "unknown"
    return f"session {blocker.pid} ({who}, {blocker.state or 'state unknown'}{age}): {blocker.query or 'no query'}"
