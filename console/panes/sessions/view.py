"""The sessions pane: one line a session, lines of sums above them, and what can be done about one."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from console.db.database import Database
from console.panes.sessions import service
from console.panes.sessions.columns import COLUMNS
from console.panes.sessions.keys import DETAIL, PANE
from console.panes.sessions.models import Session, Snapshot
from console.panes.sessions.sums import SessionSums, SessionWaits
from console.services.signalling.models import Subject, Verb
from console.ui.commands import CommandTable, bindings
from console.ui.listing import Listing
from console.ui.pane import Pane
from console.ui.table import LineTable


class SessionsPane(Pane[Database, Snapshot]):
    """Who is connected, doing what, for how long."""

    NAME: ClassVar = "sessions"
    TITLE: ClassVar = "Sessions"
    SHORT: ClassVar = "Sess"
    KEY: ClassVar = "2"
    COMMAND_TABLE: ClassVar[CommandTable] = PANE
    MORE: ClassVar[CommandTable] = DETAIL
    BINDINGS: ClassVar = bindings(PANE)

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._reader = service.Reader(database)

    def head(self) -> ComposeResult:
        """The sums."""
        yield SessionSums()
        yield SessionWaits()

    def body(self) -> ComposeResult:
        """The sessions; who blocks others stays in sight whatever the filter says."""
        yield Listing(
            COLUMNS, key=lambda s: s.key, pinned=lambda s: s.blocks > 0, pinned_as="blocker", as_json=Session.as_json
        )

    async def load(self) -> Snapshot:
        """Ask who is connected."""
        return await self._reader.read()

    def show(self, data: Snapshot) -> None:
        """Put them on screen."""
        self.query_one(SessionSums).show(data)
        self.query_one(SessionWaits).show(data)
        self.query_one(Listing).show(data.sessions)

    def nothing(self, data: Snapshot) -> str:
        """Nobody but us."""
        return "" if data.sessions else "Nobody else is connected to this server."

    def remark(self, data: Snapshot) -> str:
        """What our role does not see."""
        if data.grant is None:
            return ""
        return f"This role sees of others only that they are here. A superuser can show it the rest: {data.grant}"

    def action_stop(self, verb: Verb) -> None:
        """Ask about the sessions that are marked now, or the one under the cursor, and signal them."""
        chosen = self.query_one(LineTable).rows.chosen()
        if chosen:
            self._stop(verb, [service.subject(session) for session in chosen])

    def action_plan(self) -> None:
        """Show the plan of the statement under the cursor."""
        session = self.query_one(LineTable).rows.current
        if session is not None:
            self._plan(session)

    def action_applications(self) -> None:
        """Show the connections of each application."""
        from console.panes.sessions.connections import connections_page
        from console.ui.detail import open_page

        shown = self._shown
        if shown is not None:
            pool = service.expected_pool(self.database)
            open_page(self, connections_page(shown, self.database.target.dbname, pool))

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            self._detail(event.row)

    @work(group="stop", exit_on_error=False)
    async def _stop(self, verb: Verb, subjects: Sequence[Subject]) -> None:
        from console.shared.stopping import stop

        await stop(self, verb, subjects)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _detail(self, session: Session) -> None:
        from console.panes.sessions.detail import open_session

        if self._shown is not None:
            await open_session(self, self.database, session, self._shown)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _plan(self, session: Session) -> None:
        from console.panes.sessions.detail import open_plan

        await open_plan(self, self.database, session)

    @property
    def _shown(self) -> Snapshot | None:
        """What is on screen; None before the first answer."""
        return self.query_one(SessionSums).data
