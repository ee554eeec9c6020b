"""The replication tab: who follows, what WAL is kept, and how far a standby is."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from console.db.database import Database
from console.panes.database.replication import service
from console.panes.database.replication.models import Link, Replication
from console.panes.database.replication.rows import COLUMNS, facts
from console.ui.listing import Listing
from console.ui.pane import Pane
from console.ui.table import LineTable


class ReplicationPane(Pane[Database, Replication]):
    """Who follows this server and how far behind, and what WAL is kept for whom."""

    NAME: ClassVar = "replication"
    TITLE: ClassVar = "Replication"

    def body(self) -> ComposeResult:
        """Receiver, standbys, slots."""
        yield Listing(COLUMNS, key=lambda link: link.key, as_json=Link.as_json)

    async def load(self) -> Replication:
        """Ask for them."""
        return await service.read_replication(self.database)

    def show(self, data: Replication) -> None:
        """Put them on screen."""
        self.query_one(Listing).show(data.links)

    def nothing(self, data: Replication) -> str:
        """A server that stands alone."""
        return "" if data.links else "Nobody follows this server, and no slot keeps WAL."

    def remark(self, data: Replication) -> str:
        """What our role does not see."""
        if data.grant is None:
            return ""
        return f"This role sees of followers only that they are here. A superuser can show it the rest: {data.grant}"

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        from console.ui.detail import DetailScreen, open_page

        if event.row is not None:
            open_page(self, DetailScreen(f"{event.row.kind} {event.row.name}", facts(event.row)))
