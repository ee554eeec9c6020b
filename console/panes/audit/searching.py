"""A search on screen: a line to type it into, events over time, rows page by page, how far back was looked."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from time import monotonic
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from console.db.database import Database
from console.errors import ConsoleError
from console.iso import to_day
from console.panes.audit.columns import COLUMNS, guide_columns
from console.panes.audit.entry import SearchLine
from console.panes.audit.lines import Over, cells
from console.panes.audit.reach_line import ReachLine
from console.panes.audit.service import Found, Trail
from console.services.audit.grammar import SearchError
from console.services.audit.models import Event
from console.services.audit.questions import QUESTIONS, Question
from console.services.audit.standing import Standing
from console.ui.commands import available
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.past import past_of
from console.ui.table import LineTable

NOTHING, NOT_YET = "no row of the audit log is like this", "no row like this so far"
"""Said of a search that has found nothing: in all of its span, or in what was looked at."""

UNDRAWN = "events over time: i counts them"
"""Said where a histogram was not asked for by itself, or given up."""

ASKS = ("search", "inquire", "histogram", "go_on", "facets", "exact", "export")
"""Actions that need a log which can be searched."""

LEAST_PAGE = 20
"""Rows that are looked for at once, at least."""


class SearchPane(Pane[Database, Standing]):
    """Searches when a person says so; nothing in it asks by itself. A subclass lists the commands."""

    INTERVAL: ClassVar = None

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.found: Found | None = None
        """The search on screen; None before the first."""
        self._trail = self.trail()
        self._line = SearchLine(self._trail.users_like)
        self._over = Over()
        self._rows: LineTable[Event] = LineTable(COLUMNS, key=lambda e: (e.created_at, e.id), as_json=Event.as_json)
        self._rows.id = "rows"
        self._keys: dict[str, str] = {}
        self._guide: LineTable[Question] = LineTable(guide_columns(self._keys), key=lambda q: q.name)
        self._guide.id = "guide"
        self._reach = ReachLine()
        self._standing: Standing | None = None

    def trail(self) -> Trail:
        """What it asks."""
        return Trail(self.database)

    def head(self) -> ComposeResult:
        """What is searched, and events over time."""
        yield self._line
        yield self._over

    def body(self) -> ComposeResult:
        """The questions, or rows, and how far back was looked."""
        yield self._guide
        yield self._rows
        yield self._reach

    def on_mount(self) -> None:
        """Begin with the questions."""
        self._guide.show(QUESTIONS)
        self._put(None)

    def on_hide(self) -> None:
        """Nobody looks any more."""
        self.action_stop()

    async def load(self) -> Standing:
        """Ask whether the audit log can be searched."""
        return await self._trail.standing()

    def show(self, data: Standing) -> None:
        """Remember how the log stands."""
        self._standing = data

    def arrived(self, data: Standing) -> None:
        """Say by which keys the questions are asked here: from now on there are such."""
        super().arrived(data)
        offered = {offer.command.id: offer.keys[0] for offer in available(self.screen) if offer.keys}
        named = {each.name: offered.get(f"audit.{each.name}") for each in QUESTIONS}
        self._keys.update({name: key for name, key in named.items() if key})  # none is, while another page is there
        self._guide.repaint()

    def remark(self, data: Standing) -> str:
        """What is not searched or not recorded, and what has to be known about this search."""
        found = self.found.remark if self.found else ""
        return " ".join(said for said in (data.aside, found or data.unrecorded) if said)

    def say(self) -> None:
        """Also how long a search takes."""
        super().say()
        self._reach.repaint()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is not possible now does not exist; nothing asks by itself, so that there is nothing to pause."""
        if action in ("pause", "interval"):
            return False
        if action in ASKS and self.state in {State.LOADING, State.UNAVAILABLE}:
            return False
        if action == "stop":
            return bool(self._reach.doing)
        if action == "go_on" and (self._reach.doing or self.found is None or self.found.following is None):
            return False
        if action == "histogram" and self.found is None:
            return False
        return super().check_action(action, parameters)

    def forget(self) -> bool:
        """Clear the search and its rows."""
        had = self.found is not None or bool(self._line.entry.value)
        self.action_stop()
        self._line.clear()
        self._put(None)
        return had

    def action_now(self) -> None:
        """Ask how the log stands, and search anew."""
        super().action_now()
        if self.found is not None and past_of(self.app) is None:
            self.begin(self.found.text)

    def action_search(self) -> None:
        """Type a search, or refine the one there is."""
        self._line.type(self._line.entry.value)

    def action_stop(self) -> None:
        """Stop what is being done, also on the server."""
        for group in ("walk", "beside"):
            self.workers.cancel_group(self, group)

    def action_go_on(self) -> None:
        """Look for more rows."""
        if self.found is not None and self.check_action("go_on", ()):
            self._go_on(self.found)

    def action_histogram(self) -> None:
        """Ask for events over time."""
        if self.found is not None:
            self._draw(self.found)

    @on(SearchLine.Asked)
    def _search(self, event: SearchLine.Asked) -> None:
        if event.text:
            self.begin(event.text)
        else:
            self.forget()
            self.take_focus()

    @on(SearchLine.Left)
    def _leave_entry(self) -> None:
        self.take_focus()

    @on(LineTable.RowHighlighted, "#rows")
    def _near_the_end(self) -> None:
        rows = self._rows.rows
        if rows.shown and rows.cursor >= len(rows.shown) - self._rows.room.height // 2:
            self.action_go_on()

    def seek(self, text: str) -> None:
        """Search what somebody wants to go on with from another pane."""
        self.begin(text)

    def begin(self, text: str) -> None:
        """Search; where it cannot be understood, go on typing."""
        self.action_stop()
        self._put(None)
        self._line.entry.value = text
        self._begin(text)

    @work(exclusive=True, group="walk", exit_on_error=False)
    async def _begin(self, text: str) -> None:
        async with self.doing("searching"):
            try:
                found = await self._trail.begin(text)
            except SearchError as error:
                self._line.type(text)
                self._line.complain(error)
                return
            self._put(found)
            await self._walk(found)

    @work(exclusive=True, group="walk", exit_on_error=False)
    async def _go_on(self, found: Found) -> None:
        self.workers.cancel_group(self, "beside")  # rows come first, and there is one connection for both
        async with self.doing("looking further back"):
            await self._walk(found)

    async def _walk(self, found: Found) -> None:
        async for _ in self._trail.more(found, max(LEAST_PAGE, 2 * self.size.height)):
            self._rows.empty = NOTHING if found.reach.complete else NOT_YET
            self._rows.show(tuple(found.rows))
            self._reach.show(found.reach)
        self._freshen()
        if self._over.span is None and found.light:
            self._draw(found)

    def _freshen(self) -> None:
        """What is on screen is as old as its rows are."""
        self.answered = monotonic()
        self.post_message(self.Refreshed(self, self._standing, self.answered))

    @work(exclusive=True, group="beside", exit_on_error=False)
    async def _draw(self, found: Found) -> None:
        self._over.show(None, "events over time: counting")
        said, span = UNDRAWN, None
        try:
            span = await self._trail.histogram(found, cells(self.size.width), partial(self._drawn, found))
        except ConsoleError as error:
            said = f"events over time: {error.message}"
        finally:
            if self.found is found:
                self._over.show(span, said)

    def _drawn(self, found: Found, back: datetime) -> None:
        if self.found is found:
            self._over.show(None, f"events over time: counted back to {to_day(back)}")

    def doing(self, what: str) -> AbstractAsyncContextManager[int]:
        """Say what is being done, and below the rows what goes wrong; gives the mark by which more is told."""
        return self._reach.during(what, self._trouble)

    def _trouble(self, error: ConsoleError) -> None:
        self._note(error.sentence())
        self.post_message(self.Troubled(self, error))

    def _put(self, found: Found | None) -> None:
        """Show a search that begins, or the questions."""
        self.found = found
        self._rows.empty = NOT_YET if found else ""
        self._rows.action_first()
        self._rows.show(())
        self._over.show(None, "" if found is None else UNDRAWN)
        self._reach.show(found.reach if found else None)
        if found is None:
            self._line.terms.clear()
        else:
            wanted = found.begun.ready.search
            self._line.terms.say(found.shown, wanted.since, wanted.until)
        if self._standing is not None:
            self._note(self.remark(self._standing))
        self._turn(asked=found is not None)

    def _note(self, said: str) -> None:
        """Say it below the rows."""
        self._remark = said
        self.say()

    def _turn(self, *, asked: bool) -> None:
        self._guide.display, self._rows.display = not asked, asked
        self._guide.can_focus, self._rows.can_focus = not asked, asked  # else the hidden one could take the keyboard
        if self.is_on_screen and not self._line.typing:
            self.take_focus()
        self.refresh_bindings()
