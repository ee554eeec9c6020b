"""The windowed keyset walk: pages of the audit log, newest first, at any depth for the price of one window.

A page asks one window of time; when that does not fill it, the next window reaches twice as far back, until the page is
full or the span is over. The page behind a full one begins with a window as wide as two such pages: each chunk or
partition in a window is planned, whether it is read or not. Of few and scattered rows more are read than a page needs,
and kept for the next. Nothing is read twice, and rows that are inserted meanwhile are newer than the walk. Rows that
are dated ahead of the clock, hours or centuries, are few, and are one window.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import UUID

from console.db.database import Database
from console.db.query import Query
from console.services.audit.models import Ahead, Cursor, Event, Page
from console.services.audit.search import Ready, named, since

PAGE = Query(__package__, "page")

NARROW, WIDE = timedelta(days=1), timedelta(days=30)
"""How wide the first window is: of a search that most rows fulfil, and of one that few do."""

NARROWEST, WIDEST = timedelta(hours=1), timedelta(days=366 * 100)
"""Behind a full page no window is narrower, however crowded it was; and none is wider than the calendar."""

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
"""Before every row that can be shown; somebody may have written one of any year."""

PAGES = 2
"""A window behind a full page is as wide as so many of its kind: the next may be sparser."""

AHEAD, FAR = 500, timedelta(days=120)
"""Whoever goes on to a second page of few and scattered rows may want all of them: as many are read in one window, and
kept for the pages that follow. Each page by itself would plan again the chunks that the last one did not get to; in a
window wider than this that costs more than reading on, even for the first page."""

SLOW = 1.0
"""Seconds. A window that took longer is followed by one that is no wider: a person wants to see how far back it has
looked, and a statement that reads years of rows would be ended by the server before it answers."""

FIRST_ID, LAST_ID = UUID(int=0), UUID(int=2**128 - 1)
"""Before and after every id."""


async def page(db: Database, ready: Ready, most: int, cursor: Cursor | None = None) -> Page:
    """The next page, whole; `most` is at least 1."""
    parts = [part async for part in parts_of(db, ready, most, cursor)]
    rows = tuple(row for part in parts for row in part.rows)
    return Page(rows, parts[-1].searched_from, parts[0].searched_to, parts[-1].following)


async def parts_of(db: Database, ready: Ready, most: int, cursor: Cursor | None = None) -> AsyncIterator[Page]:
    """The same as it comes in, a part for each window: how far back it has looked, and what it has found there."""
    here = cursor or Cursor(ready.search.until, LAST_ID, (WIDE if ready.selective else NARROW).total_seconds())
    left = most
    while True:
        deep = cursor is not None or here.width > FAR.total_seconds()
        ahead = AHEAD if deep and ready.selective else 0
        kept = ready.ahead if ready.ahead is not None and ready.ahead.start == here else None
        found = kept.page if kept else await _window(db, ready, here, max(left, ahead), max(PAGES * most, ahead))
        part, ready.ahead = _divided(found, here, left, PAGES * most)
        yield part
        left -= len(part.rows)
        if part.following is None or left <= 0:
            return
        here = part.following


async def _window(db: Database, ready: Ready, here: Cursor, most: int, aim: int) -> Page:
    """At most so many rows; the next window is to have about `aim` of them."""
    clock = ready.here.now
    lower = clock if here.at > clock else here.at - min(timedelta(seconds=here.width), here.at - BEGINNING)
    if ready.search.since is not None:
        lower = max(lower, ready.search.since)
    began = monotonic()
    found = await db.fetch(PAGE, Event, upper=here.at, upper_id=here.id, lower=lower, most=most + 1, **ready.conditions)
    took = monotonic() - began
    await named(db, ready, [event.user_id for event in found])
    rows = tuple(event.model_copy(update={"user": ready.name(event.user_id)}) for event in found[:most])
    if len(found) > most:
        return Page(rows, rows[-1].created_at, here.at, _behind(here, rows, aim))
    # Where the log begins is worth a question only when nothing is found.
    end = ready.begins if found and ready.search.since is None else await since(db, ready)
    if end is not None and lower <= end:
        return Page(rows, end, here.at, None)
    # Rows of the very moment at its lower end were in this window, whatever their id.
    wide = here.width * (1 if took > SLOW else min(2, aim / max(1, len(rows))))
    return Page(rows, lower, here.at, Cursor(lower, FIRST_ID, min(wide, WIDEST.total_seconds())))


def _divided(found: Page, here: Cursor, left: int, aim: int) -> tuple[Page, Ahead | None]:
    """What still belongs to a page, and what was read beyond it."""
    rows, beyond = found.rows[:left], found.rows[left:]
    if not beyond:
        return found, None
    end = _behind(here, rows, aim)
    rest = Page(beyond, found.searched_from, end.at, found.following)
    return Page(rows, end.at, found.searched_to, end), Ahead(end, rest)


def _behind(here: Cursor, rows: Sequence[Event], aim: int) -> Cursor:
    """Where a full page ends, and how wide the next window is: by how close its last rows are to each other."""
    last = rows[-1]
    newest = rows[0].created_at if len(rows) > 1 else here.at
    wide = aim * (newest - last.created_at).total_seconds() / len(rows)
    return Cursor(last.created_at, last.id, min(here.width, max(wide, NARROWEST.total_seconds())))
