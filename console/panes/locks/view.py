"""The locks pane: who blocks whom as a tree, the worst in words above it, one party in detail."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.locks import service
from console.panes.locks.columns import COLUMNS
from console.panes.locks.models import Detail, Snapshot
from console.panes.locks.page import page
from console.panes.locks.standing import LockStanding
from console.panes.locks.tree import Branch, flat, grow
from console.services.activity import visible
from console.services.signalling.models import Subject, Verb
from console.shared.stopping_keys import STOPPING
from console.ui.commands import CommandTable, bindings
from console.ui.listing import Listing
from console.ui.pane import Pane
from console.ui.table import LineTable


class LocksPane(Pane[Database, Snapshot]):
    """Who blocks whom."""

    NAME: ClassVar = "locks"
    TITLE: ClassVar = "Locks"
    SHORT: ClassVar = "Lock"
    KEY: ClassVar = "3"
    COMMAND_TABLE: ClassVar[CommandTable] = STOPPING
    BINDINGS: ClassVar = bindings(STOPPING)

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._branches: Sequence[Branch] = ()
        self._grant: str | None = None

    def head(self) -> ComposeResult:
        """The worst, in words."""
        yield LockStanding()

    def body(self) -> ComposeResult:
        """The tree; who blocks others stays in sight whatever the filter says."""
        yield Listing(
            COLUMNS, key=lambda b: b.key, pinned=lambda b: b.blocks > 0, pinned_as="blocker", as_json=Branch.as_json
        )

    async def load(self) -> Snapshot:
        """Ask who waits for whom."""
        return await service.snapshot(self.database)

    def show(self, data: Snapshot) -> None:
        """Put the tree on screen."""
        self._branches, self._grant = grow(data.parties), data.grant
        self.query_one(LockStanding).show(self._branches)
        self._list()

    def nothing(self, data: Snapshot) -> str:
        """Nobody waits."""
        return "" if data.parties else "No blocked sessions."

    def remark(self, data: Snapshot) -> str:
        """What our role does not see."""
        if data.grant is None:
            return ""
        hidden = sum(party.hidden for party in data.parties)
        return f"What {hidden} of these do is hidden from this role; a superuser can show it: {data.grant}"

    @on(LineTable.Sorted)
    def _list(self) -> None:
        """The tree, or in an order of the person's own the same parties without its lines."""
        listing = self.query_one(Listing)
        listing.show(self._branches if listing.table.sorted_by is None else flat(self._branches))

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            self._detail(event.row)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _detail(self, branch: Branch) -> None:
        from console.ui.detail import open_page

        try:
            detail = await service.detail(self.database, branch.party)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
            detail = Detail(visible(branch.party.query_text), ())
        open_page(self, page(branch, detail, self._grant))

    def action_stop(self, verb: Verb) -> None:
        """Cancel or terminate the marked ones, or the one under the cursor."""
        chosen = [branch for branch in self.query_one(Listing).table.rows.chosen() if branch.again is None]
        subjects = [service.subject_of(b.party, b.blocks) for b in chosen if not b.party.prepared]
        if len(subjects) < len(chosen):
            self.notify("A prepared transaction has no session to stop; enter shows the SQL that ends it.")
        if subjects:
            self._stop(verb, subjects)

    @work(exclusive=True, group="stop", exit_on_error=False)
    async def _stop(self, verb: Verb, subjects: Sequence[Subject]) -> None:
        from console.shared.stopping import stop

        await stop(self, verb, subjects)
