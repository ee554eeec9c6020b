"""The indexes tab: one line an index, those first that somebody should look at."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from console.panes.database.indexes import service
from console.panes.database.indexes.models import Index, Indexes, measured
from console.panes.database.indexes.rows import COLUMNS, blocks, facts
from console.panes.database.measuring import SizedPane
from console.ui.listing import Listing
from console.ui.table import LineTable


class IndexesPane(SizedPane[Indexes]):
    """Which indexes are broken, do what others do, or serve nobody, and how large they are."""

    NAME: ClassVar = "indexes"
    TITLE: ClassVar = "Indexes"
    INTERVAL: ClassVar = 30.0

    def body(self) -> ComposeResult:
        """The indexes."""
        yield Listing(COLUMNS, key=lambda i: i.row.oid, as_json=Index.as_json)

    async def load(self) -> Indexes:
        """Ask for them."""
        return await service.read_indexes(self.database)

    def show(self, data: Indexes) -> None:
        """Put them on screen, with the sizes that were measured."""
        self.query_one(Listing).show(measured(data.indexes, self.sizes or {}))

    def nothing(self, data: Indexes) -> str:
        """An empty database."""
        return "" if data.indexes else "No table of this database has an index."

    def remark(self, data: Indexes) -> str:
        """What the counters tell, and what they do not."""
        return data.remark

    async def measure(self) -> dict[int, int]:
        """Look at every file."""
        return await service.measure(self.database)

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        from console.ui.detail import DetailScreen, open_page

        index: Index | None = event.row
        if index is not None and self.latest is not None:
            open_page(self, DetailScreen(f"index {index.row.name}", facts(index, self.latest), blocks(index)))
