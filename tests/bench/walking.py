"""What the console asks for the pages of a search, so that each can be explained afterwards."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any

from console.db.database import Database
from console.db.pipeline import Answers, Request
from console.db.query import Query
from console.services.audit import walk
from console.services.audit.models import Cursor
from console.services.audit.search import Ready
from tests.bench.explaining import Asked
from tests.targets import target

ROWS, MOST = 50, 10_000
"""Of a page: as many as `audit search` gives by itself, and as many as it gives at most."""


class Listening(Database):
    """Remembers what it asks."""

    def __init__(self, dsn: str) -> None:
        super().__init__(target(dsn))
        self._asked: list[Asked] = []

    async def fetch(self, query: Query, model: type[Any], /, **params: object) -> list[Any]:
        """As it is."""
        self._asked.append((query, params))
        return await super().fetch(query, model, **params)

    async def ask(self, *requests: Request[Any]) -> Answers:
        """As it is."""
        self._asked += [(request.query, request.params) for request in requests]
        return await super().ask(*requests)

    def taken(self) -> list[Asked]:
        """What it has asked since the last call."""
        taken, self._asked = self._asked, []
        return taken


@dataclass(frozen=True, slots=True)
class Walked:
    """A page, or a whole walk."""

    page: int
    """Its number, from 1; 0 for the whole walk."""
    rows: int
    """Of each page."""
    start: Cursor
    """Where it begins."""
    asked: list[Asked]
    """The statements of the console."""


async def pages(db: Listening, ready: Ready, wanted: Collection[int]) -> list[Walked]:
    """These pages, as far as there are any; each as if no page before it had read ahead."""
    found: list[Walked] = []
    async for one in _walk(db, ready, ROWS, wanted):
        if one.page in wanted:
            found.append(one)
        if one.page == max(wanted):
            break
    return found


async def whole(db: Listening, ready: Ready, rows: int) -> Walked:
    """A walk to its end."""
    found = [one async for one in _walk(db, ready, rows)]
    return Walked(0, rows, found[0].start, [asked for one in found for asked in one.asked])


async def _walk(db: Listening, ready: Ready, rows: int, asked_anew: Collection[int] = ()) -> AsyncIterator[Walked]:
    cursor, page = Cursor(ready.search.until, walk.LAST_ID, 0), 0
    following: Cursor | None = None
    ready.begins = ready.ahead = None  # as in a search that has just begun
    while page == 0 or following is not None:
        db.taken()
        if page + 1 in asked_anew:
            ready.ahead = None
        start = following or cursor
        following = (await walk.page(db, ready, rows, following)).following
        page += 1
        yield Walked(page, rows, start, db.taken())


async def first_part(db: Listening, ready: Ready) -> list[Asked]:
    """What is asked until the first rows come."""
    ready.begins = ready.ahead = None
    async for part in walk.parts_of(db, ready, ROWS):
        if part.rows:
            break
    return db.taken()
