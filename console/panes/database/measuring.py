"""A list that can measure on request: looks at every file, while polling goes on beside it."""

from typing import ClassVar, Generic, TypeVar

from textual import work
from textual.worker import Worker, WorkerState

from console.db.database import Database
from console.errors import ConsoleError, Defect
from console.ui.commands import Command, CommandTable, bindings
from console.ui.pane import Pane

Data = TypeVar("Data")
Found = TypeVar("Found")

MEASURING: CommandTable = (
    Command(id="database.measure", keys="m", title="measure", action="measure", footer=True, group="This pane",
            help="sizes as they are on disk; looks at every file, esc stops it"),
)  # fmt: skip
"""What works in a list of things that have a size."""


class MeasuringPane(Pane[Database, Data], Generic[Data, Found]):
    """A pane whose sizes are approximate until a person measures."""

    COMMAND_TABLE: ClassVar[CommandTable] = MEASURING
    BINDINGS: ClassVar = bindings(MEASURING)

    latest: Data | None = None
    """What came last; None before that."""

    async def measure(self) -> Found:
        """Ask what it really is."""
        raise NotImplementedError

    def take(self, found: Found) -> None:
        """Show it."""
        raise NotImplementedError

    def arrived(self, data: Data) -> None:
        """Keep it: what is measured later belongs to it."""
        self.latest = data
        super().arrived(data)

    def action_measure(self) -> None:
        """Measure, unless that is being done already."""
        if not self._measuring:
            self.notify("Measuring; esc stops it.", timeout=2)
            self._measure()

    def action_back(self) -> None:
        """Stop measuring; the server is told."""
        if self._measuring:
            self.workers.cancel_group(self, "measure")
            self.notify("Stopped; the sizes are those of before.", timeout=3)
        else:
            super().action_back()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A defect of ours is said; the pane stays as it is."""
        if event.worker.group == "measure" and event.state is WorkerState.ERROR and event.worker.error:
            self.notify(Defect.of(event.worker.error).sentence(), severity="error")

    @property
    def _measuring(self) -> bool:
        return any(
            worker.group == "measure" and not worker.is_finished for worker in self.workers if worker.node is self
        )

    @work(exclusive=True, group="measure", exit_on_error=False)
    async def _measure(self) -> None:
        try:
            found = await self.measure()
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
        else:
            self.take(found)


class SizedPane(MeasuringPane[Data, dict[int, int]], Generic[Data]):
    """A list whose rows have a size each."""

    sizes: dict[int, int] | None = None
    """Bytes by relation that a person had measured; None before the first time."""

    def take(self, found: dict[int, int]) -> None:
        """Show the sizes."""
        self.sizes = found
        if self.latest is not None:
            self.show(self.latest)
