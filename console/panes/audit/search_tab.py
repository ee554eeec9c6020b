"""The search tab: searches, the twelve questions, frequent values, days without events, rows closer, exports."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, TypeVar

from textual import on, work

from console.errors import ConsoleError
from console.iso import shifted, to_day
from console.panes.audit import keys
from console.panes.audit.columns import GAPS, facet_columns
from console.panes.audit.event_screen import EventScreen
from console.panes.audit.narrowing import about, asked, narrowed, no_moment, wants
from console.panes.audit.questions_screen import QuestionsScreen
from console.panes.audit.searching import NOTHING, SearchPane
from console.panes.audit.service import Found
from console.services.audit.gaps import Gap, gaps
from console.services.audit.models import Event
from console.services.audit.overview import Facet
from console.services.audit.questions import BY_NAME, Question, span
from console.services.audit.recording import unrecorded
from console.shared.identity import identify
from console.ui.choosing import ListScreen
from console.ui.commands import CommandTable, bindings
from console.ui.confirm import ConfirmScreen
from console.ui.detail import open_page
from console.ui.reveal import REVEALING
from console.ui.table import LineTable
from console.ui.value import ValueScreen
from console.units import number_of

R = TypeVar("R")

DAY = timedelta(days=1)


class SearchTab(SearchPane):
    """Searches of the audit log, the twelve questions, exports."""

    NAME: ClassVar = "search"
    TITLE: ClassVar = "Search"
    COMMAND_TABLE: ClassVar[CommandTable] = keys.PANE
    MORE: ClassVar[CommandTable] = (*keys.TYPING, *keys.ROW, *keys.EXPORTING, *REVEALING)
    BINDINGS: ClassVar = bindings(keys.PANE)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a search there is nothing to count."""
        if action in ("facets", "exact", "export", "questions") and self.found is None:
            return False
        return super().check_action(action, parameters)

    def action_inquire(self, name: str) -> None:
        """Ask one of the twelve questions; about the row under the cursor, where it can be."""
        question = BY_NAME[name]
        if not question.wants:
            self.begin(question.asked())
            return
        row = self._rows.rows.current if self.found else None
        proposed = about(question, row) or question.usual

        def answered(value: str | None) -> None:
            if value is not None:
                self._answer(question, value, row if value == proposed else None)

        trouble = no_moment if name == "missing" else None
        self.app.push_screen(ValueScreen(asked(question), wants(question, row), proposed, trouble), answered)

    def _answer(self, question: Question, value: str, row: Event | None) -> None:
        if question.name == "missing":
            self._find_gaps(value)
        elif row is not None and question.near:
            self.begin(question.asked_near(value, row.created_at))
        else:
            self.begin(question.asked(value))

    def action_facets(self) -> None:
        """Ask for the most frequent values."""
        if self.found is not None:
            self._count_values(self.found)

    def action_exact(self) -> None:
        """Count all rows."""
        if self.found is not None:
            self._count_rows(self.found)

    def action_questions(self) -> None:
        """Show the twelve questions with their keys; enter asks one."""
        self._push(QuestionsScreen(self._keys), lambda question: self.action_inquire(question.name))

    def action_export(self) -> None:
        """Ask for a file and a reason, then write what the search finds."""
        if self.found is not None:
            self._export(self.found)

    @work(exclusive=True, group="export", exit_on_error=False)
    async def _export(self, found: Found) -> None:
        from console.panes.audit import exporting
        from console.services.audit.export import naming
        from console.services.audit.export.file import Places

        usual = exporting.free_name(found.begun.ready.search.until.date())
        asking = ValueScreen("Export this search", exporting.FILE, usual, exporting.file_trouble)
        file = await self.app.push_screen_wait(asking)
        format_ = naming.format_of(file) if file else None
        if file is None or format_ is None:
            return
        path = Places.named(naming.path_of(file), masked=True).final
        place = identify(self.database.target, self.database.known).place
        consent = await self.app.push_screen_wait(
            ConfirmScreen(exporting.question(found.shown, found.span, path, place))
        )
        if consent is not None:
            write = partial(self._trail.export, found, path, format_, consent.reason)
            await self.app.push_screen_wait(exporting.ExportScreen(write))

    @on(LineTable.RowSelected, "#guide")
    def _take_question(self, event: LineTable.RowSelected) -> None:
        self.action_inquire(event.row.name)

    @on(LineTable.RowSelected, "#rows")
    def _open(self, event: LineTable.RowSelected) -> None:
        self._open_row(event.row)

    @work(exclusive=True, group="beside", exit_on_error=False)
    async def _count_rows(self, found: Found) -> None:
        async with self._counting("all rows") as hear:
            found.count(await self._trail.exact(found, hear))
            self._reach.show(found.reach)

    @work(exclusive=True, group="beside", exit_on_error=False)
    async def _count_values(self, found: Found) -> None:
        async with self._counting("the most frequent values") as hear:
            facets = await self._trail.facets(found, hear)
            title = "The most frequent values; enter narrows the search"
            columns = facet_columns(found.begun.ready.name)
            screen = ListScreen(title, columns, facets, lambda f: (f.facet, f.value), NOTHING)
            self._push(screen, lambda facet: self._narrow(found, facet))

    @asynccontextmanager
    async def _counting(self, what: str) -> AsyncIterator[Callable[[datetime], None]]:
        """Say what is being counted; gives what is told how far back that was done."""
        async with self.doing(f"counting {what}") as mark:
            yield lambda back: self._reach.tell(mark, f"counting {what}, back to {to_day(back)}")

    def _narrow(self, found: Found, facet: Facet) -> None:
        better = narrowed(found.text, facet, found.begun.ready.name)
        if better is None:
            self.notify("An hour of the day cannot be searched for; after-hours can.")
        else:
            self.begin(better)

    @work(exclusive=True, group="beside", exit_on_error=False)
    async def _find_gaps(self, back_to: str) -> None:
        async with self.doing("looking for days without events") as mark:
            begun = await self._trail.begin_days(back_to)
            days: list[datetime] = []
            back = begun.ready.search.until
            async for looked in self._trail.silent_days(begun):
                days += looked.silent
                back = looked.searched_from
                self._reach.tell(mark, f"{number_of(len(days), 'day')} without events back to {to_day(back)}")
            title = f"Days without events, {to_day(back)} to {to_day(begun.ready.search.until)}: {len(days):,}"
            none = "every whole day has events"
            self._push(ListScreen(title, GAPS, gaps(days), lambda gap: gap.first, none), self._look_around)
            if begun.kept.why:
                self.notify(unrecorded(begun.kept, "search"), severity="warning", timeout=15)

    def _look_around(self, gap: Gap) -> None:
        self.begin(span(shifted(gap.first, -DAY), gap.last + 2 * DAY))

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _open_row(self, event: Event) -> None:
        try:
            found = await self._trail.opened(event)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
            return
        if found is None:
            self.notify("This row has gone: retention dropped it.")
            return
        open_page(self, EventScreen(found, event.user, self._trail.revealed, self.begin))

    def _push(self, screen: ListScreen[R], chosen: Callable[[R], None]) -> None:
        """Show it to whoever has asked for it, unless he looks at something else by now."""

        def taken(row: R | None) -> None:
            if row is not None:
                chosen(row)

        if self.is_on_screen and self.app.screen is self.screen:
            self.app.push_screen(screen, taken)
