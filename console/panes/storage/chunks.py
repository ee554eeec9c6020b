"""The list of chunks of one table, with all of them on a timeline above."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.storage.chunk_changes import ChunkChanges
from console.panes.storage.chunk_rows import COLUMNS, facts, measured_text
from console.panes.storage.keys import CHUNKS
from console.panes.storage.strip import Strip
from console.panes.storage.sums import StorageSums, of_chunks
from console.services.storage import chunks as service
from console.services.storage.chunks import Chunk, Chunks, Looked
from console.services.storage.exact import Exact
from console.ui.commands import CommandTable, bindings
from console.ui.listing import Listing
from console.ui.table import LineTable


class ChunksPane(ChunkChanges):
    """The chunks of a hypertable, or the partitions of a table."""

    NAME: ClassVar = "chunks"
    TITLE: ClassVar = "Chunks"
    INTERVAL: ClassVar = 10.0
    COMMAND_TABLE: ClassVar[CommandTable] = CHUNKS
    BINDINGS: ClassVar = bindings(CHUNKS)

    class Left(Message):
        """A person goes back to the tables."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._looked: Looked | None = None

    def head(self) -> ComposeResult:
        """The sums, and the timeline."""
        yield StorageSums()
        yield Strip()

    def body(self) -> ComposeResult:
        """The chunks; DEFAULT stays in sight whatever the filter says, when it holds rows."""
        yield Listing(
            COLUMNS[self.divided.kind],
            key=lambda c: c.part.oid,
            pinned=lambda c: c.state == "default" and bool(c.part.rows),
            pinned_as="DEFAULT partition",
            as_json=lambda c: c.as_json(self.divided.label),
        )

    def on_show(self) -> None:
        """Indexes and partial states are asked when the list is opened, not at each refresh."""
        self._looked = None

    def action_now(self) -> None:
        """Ask for everything anew."""
        self._looked = None
        super().action_now()

    async def load(self) -> Chunks:
        """Ask which there are."""
        if self._looked is None:
            self._looked = await service.look(self.database, self.divided)
        return await service.read_chunks(self.database, self.divided, self._looked, self.latest)

    def show(self, data: Chunks) -> None:
        """Put them on screen."""
        self.query_one(StorageSums).show(of_chunks(data))
        self.query_one(Strip).show(data.chunks)
        self.query_one(Listing).show(data.chunks)

    def nothing(self, data: Chunks) -> str:
        """A table without any."""
        return "" if data.chunks else f"{self.divided.label} has no chunk yet: no row has been written."

    def remark(self, data: Chunks) -> str:
        """Why nobody can tell which are partly compressed."""
        compressed = any(chunk.part.compressed for chunk in data.chunks)
        return data.looked.partial_unknown if data.looked and compressed else ""

    def action_up(self) -> None:
        """Stop what takes long, or go back to the tables."""
        if self.stop_measuring():
            return
        if self.asked is not None and self.answered is None:
            self.give_up()
        self.post_message(self.Left())

    def action_measure(self) -> None:
        """Measure the chosen chunks, if there are any."""
        if self.chosen:
            super().action_measure()

    async def measure(self) -> list[Exact]:
        """Ask what the chosen chunks really take and hold."""
        from console.services.storage.exact import measure

        return await measure(self.database, self.divided, self.chosen)

    def take(self, found: list[Exact]) -> None:
        """Show it beside what was estimated."""
        from console.ui.detail import Block, DetailScreen, open_page

        open_page(self, DetailScreen(f"{self.divided.label}, measured", (), [Block("exactly", measured_text(found))]))

    @on(LineTable.RowHighlighted)
    def _point(self, event: LineTable.RowHighlighted) -> None:
        self.query_one(Strip).point_at(event.row)

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            self._detail(event.row)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _detail(self, chunk: Chunk) -> None:
        from console.services.storage.definition import definition
        from console.ui.detail import Block, DetailScreen, open_page

        try:
            text = await definition(self.database, chunk.part.oid)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
            return
        known = facts(chunk, self.divided, self.latest)
        block = (
            Block("definition", text, "sql") if text else Block("definition", "It is gone: somebody has dropped it.")
        )
        open_page(self, DetailScreen(chunk.part.label, known, [block]))
