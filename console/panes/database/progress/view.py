"""The progress tab: what takes long, and how far it is."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from console.db.database import Database
from console.panes.database.progress import service
from console.panes.database.progress.models import Progress, Underway
from console.panes.database.progress.rows import COLUMNS, facts
from console.ui.listing import Listing
from console.ui.pane import Pane
from console.ui.table import LineTable


class ProgressPane(Pane[Database, Underway]):
    """Vacuums, index builds, base backups and copies, how far each is and how long it will take."""

    NAME: ClassVar = "progress"
    TITLE: ClassVar = "Progress"

    before: Underway | None = None
    """What was under way at the last look; None before the first."""

    def body(self) -> ComposeResult:
        """What is under way."""
        yield Listing(COLUMNS, key=lambda each: each.key, as_json=Progress.as_json)

    async def load(self) -> Underway:
        """Ask for it."""
        self.before = await service.read_progress(self.database, self.before)
        return self.before

    def show(self, data: Underway) -> None:
        """Put it on screen."""
        self.query_one(Listing).show(data.rows)

    def nothing(self, data: Underway) -> str:
        """Nothing that would say how far it is."""
        return "" if data.rows else "Nothing is under way that reports its progress."

    def remark(self, data: Underway) -> str:
        """What our role does not see."""
        if data.grant is None:
            return ""
        return f"This role sees of others only that they are at work. A superuser can show it the rest: {data.grant}"

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        from console.ui.detail import DetailScreen, open_page

        if event.row is not None:
            open_page(self, DetailScreen(f"pid {event.row.row.pid}", facts(event.row)))
