"""What goes on beside the session of a run: a second one that looks on, and the task that asks there."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

from pydantic import BaseModel

from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.migrate.tries import CATALOGUES

M = TypeVar("M", bound=BaseModel)


class Second:
    """The second, read-only session; it is opened at the first question, and everything works without it."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._session: Session | None = None
        self._opening = asyncio.Lock()

    async def fetch(self, query: Query, model: type[M], /, **params: object) -> list[M]:
        """All rows of a query; one session for all who ask."""
        async with self._opening:
            if self._session is None or await self._session.ended():
                self._session = await Session.open(self._target, "watch", settings=CATALOGUES, read_only=True)
        return await self._session.fetch(query, model, **params)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run `work` as long as what is inside runs; a mistake of its own is raised then."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])  # raises our own cancellation, and never the task's
        if not task.cancelled():
            task.result()
