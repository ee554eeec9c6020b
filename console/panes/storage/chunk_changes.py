"""What changes chunks: compressed, given back, built anew, dropped; the marked ones, or the one under the cursor."""

from textual import work

from console.db.database import Database
from console.panes.storage import service
from console.panes.storage.flows import change
from console.panes.storage.service import Verb
from console.services.storage.chunks import Chunk, Chunks
from console.services.storage.exact import Exact
from console.services.storage.models import Divided
from console.ui.listing import Listing
from console.ui.measuring import MeasuringPane

OF_HYPERTABLES = frozenset({"compress", "decompress", "recompress"})
"""What partitions know nothing of."""


class ChunkChanges(MeasuringPane[Database, Chunks, list[Exact]]):
    """The keys of the list of chunks that change something."""

    divided: Divided
    """Whose chunks they are; set before it is shown."""

    @property
    def chosen(self) -> list[Chunk]:
        """The marked chunks, or the one under the cursor."""
        rows: list[Chunk] = self.query_one(Listing).table.rows.chosen()
        return rows

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Partitions are never compressed."""
        if action == "change" and self.divided.kind != "hypertable" and OF_HYPERTABLES.intersection(parameters):
            return False
        return super().check_action(action, parameters)

    def action_change(self, verb: Verb) -> None:
        """Change the chosen chunks, one after the other, after one question."""
        if self.chosen:
            self._change(verb, self.chosen)

    def action_drop(self) -> None:
        """Drop the chunk under the cursor and all that are older, after a question in which its table is typed."""
        last: Chunk | None = self.query_one(Listing).table.rows.current
        if last is not None and self.latest is not None:
            self._drop(self.latest, last)

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _change(self, verb: Verb, chosen: list[Chunk]) -> None:
        oldest_first = sorted(chosen, key=lambda chunk: (chunk.part.range_end is None, chunk.part.range_end))
        if await change(self, service.changes(self.database, self.divided, verb, oldest_first)):
            table = self.query_one(Listing).table
            table.rows.marked.clear()  # what they were marked for is done
            table.repaint()

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _drop(self, shown: Chunks, last: Chunk) -> None:
        await change(self, service.drops(self.database, self.divided, shown.chunks, last))
