"""What the audit pane asks: one search page by page, what it amounts to, and one row closer."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from console.db.database import Database
from console.iso import to_second
from console.panes.audit.models import Reach, Span
from console.services.audit import beginning, closer, completion, gaps, overview, search, walk
from console.services.audit.beginning import Begun
from console.services.audit.closer import Clear, Opened
from console.services.audit.closer_models import Whole
from console.services.audit.completion import with_term
from console.services.audit.export import exporting
from console.services.audit.export.models import Format, Hear, Wanted, Written
from console.services.audit.models import Cursor, Event
from console.services.audit.overview import Facet
from console.services.audit.recording import Access, Recorder, unrecorded
from console.services.audit.standing import Standing, standing
from console.services.audit.terms import masked

BY_ITSELF = timedelta(days=92)
"""A histogram over no more than this is asked for by itself; over more only where few rows are wanted, or on a key."""

FACETS = ("user", "action", "entity", "system", "hour")
"""In the order in which their values are shown."""

KEPT = 10_000
"""Rows of a search that are held, the last that came: a hundred thousand would take 200 MB."""


@dataclass(repr=False)  # a worker describes itself by the repr of what it is given: of all rows, at every page
class Found:
    """A search, and what it has found so far."""

    begun: Begun
    """What is searched, and where that is written down."""
    rows: list[Event] = field(default_factory=list)
    """The newest first."""
    reach: Reach = field(default_factory=Reach)
    """How far it has looked."""
    following: Cursor | None = None
    """Where it goes on; None at its beginning, and at its end."""

    @property
    def text(self) -> str:
        """The search as it was typed."""
        return self.begun.ready.search.text

    @property
    def shown(self) -> str:
        """The search as it may stand on a screen."""
        return masked(self.begun.ready.search, self.begun.ready.unknown)

    @property
    def pinned(self) -> str:
        """The search with the span that it had when it began: `30d` ago is another moment by now."""
        wanted = self.begun.ready.search
        until = with_term(self.text, "until", f"until:{wanted.until.isoformat()}")
        return with_term(until, "since", f"since:{wanted.since.isoformat() if wanted.since else 'all'}")

    @property
    def span(self) -> str:
        """Its span for a person."""
        wanted = self.begun.ready.search
        since = to_second(wanted.since) if wanted.since else "the first row"
        return f"{since} to {to_second(wanted.until)} UTC"

    @property
    def light(self) -> bool:
        """Whether a histogram costs little."""
        wanted = self.begun.ready.search
        until = min(wanted.until, self.begun.ready.here.now)
        return self.begun.ready.selective or (wanted.since is not None and until - wanted.since <= BY_ITSELF)

    def count(self, exact: int) -> None:
        """All rows were counted."""
        self.reach = replace(self.reach, exact=exact)

    @property
    def remark(self) -> str:
        """What has to be known about it; empty if nothing."""
        said, kept = self.begun.ready.remarks, self.begun.kept
        if kept.why:
            said.append(f"{unrecorded(kept, 'search')} Nothing can be revealed.")
        return " ".join(said)


class Trail:
    """The audit log of one database, as one person looks at it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._recorder = Recorder(db)

    async def standing(self) -> Standing:
        """Whether it can be searched."""
        return await standing(self._db)

    async def begin(self, text: str) -> Found:
        """A new search, which is written down; SearchError where it cannot be understood."""
        return Found(await beginning.begin(self._db, self._recorder, text))

    async def more(self, found: Found, most: int) -> AsyncIterator[None]:
        """Look for so many more rows; what comes in is put into `found`."""
        async for part in walk.parts_of(self._db, found.begun.ready, most, found.following):
            found.rows += part.rows
            del found.rows[:-KEPT]
            found.following = part.following
            known = found.reach.rows + len(part.rows)
            gone = known - len(found.rows)
            found.reach = Reach(known, part.searched_from, part.complete, found.reach.exact, gone)
            yield

    async def histogram(self, found: Found, cells: int, hear: overview.Hear) -> Span:
        """Over a search, in at most about so many steps; what is dated far outside is in the first or last one."""
        step, bars = await overview.histogram(self._db, found.begun.ready, cells, hear)
        if not bars:
            return Span(step, (), 0)
        ready = found.begun.ready
        until, begins = overview.drawn_until(ready), await overview.drawn_since(self._db, ready)
        since = ready.search.since or max(bars[0].at, begins)
        first = max(0, -(-(until - since) // step))
        counted = Counter[int]()
        for bar in bars:
            counted[min(first, max(0, round((until - bar.at) / step)))] += bar.events
        places = range(first, -1, -1)
        return Span(step, [counted[place] for place in places], sum(bar.changes for bar in bars))

    async def facets(self, found: Found, hear: overview.Hear) -> list[Facet]:
        """The most frequent values of what can be searched for, people first."""
        facets = await overview.facets(self._db, found.begun.ready, hear)
        return sorted(facets, key=lambda each: FACETS.index(each.facet))

    async def exact(self, found: Found, hear: overview.Hear) -> int:
        """All rows of a search, counted."""
        return await overview.exact(self._db, found.begun.ready, hear)

    def silent_days(self, begun: Begun) -> AsyncIterator[gaps.Looked]:
        """Days without events in the span of a search, the latest first."""
        return gaps.silent_days(self._db, begun.ready)

    async def begin_days(self, back_to: str) -> Begun:
        """The search for days without events, which is written down; it has no terms."""
        ready = await search.ready(self._db, f"since:{back_to} until:now")  # days that have not come are no gap
        detail: dict[str, object] = {"search": "days-without-events", "since": back_to}
        return Begun(ready, await self._recorder.note(Access("SEARCH", detail=detail)))

    async def opened(self, event: Event) -> Opened | None:
        """A row, masked; that a patient's is opened is written down."""
        return await closer.opened(self._db, self._recorder, event)

    async def revealed(self, whole: Whole, reason: str) -> Clear:
        """A row in clear; that is written down first."""
        return await closer.revealed(self._db, self._recorder, whole, reason)

    async def export(self, found: Found, file: Path, format_: Format, why: str, hear: Hear) -> Written:
        """What the search on screen finds, as a masked file: its span ends where the search began."""
        remark = " ".join(found.begun.ready.of_its_end)  # which the pinned search no longer makes
        return await exporting.export(self._db, Wanted(found.pinned, format_, file, why, remark=remark), hear)

    async def users_like(self, start: str) -> list[str]:
        """Users whose names begin so."""
        return await completion.users_like(self._db, start)
