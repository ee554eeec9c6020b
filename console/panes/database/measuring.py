"""Lists of what has a size on disk: `m` looks at every file."""

from typing import ClassVar, Generic, TypeVar

from console.db.database import Database
from console.ui.commands import Command, CommandTable, bindings
from console.ui.measuring import MeasuringPane

Data = TypeVar("Data")

MEASURING: CommandTable = (
    Command(id="database.measure", keys="m", title="measure", action="measure", footer=True, group="This pane",
            asks=True,
            help="sizes as they are on disk; looks at every file, esc stops it"),
)  # fmt: skip
"""What works in a list of things that have a size."""


class SizedPane(MeasuringPane[Database, Data, dict[int, int]], Generic[Data]):
    """A list whose rows have a size each."""

    COMMAND_TABLE: ClassVar[CommandTable] = MEASURING
    BINDINGS: ClassVar = bindings(MEASURING)

    sizes: dict[int, int] | None = None
    """Bytes by relation that a person had measured; None before the first time."""

    def take(self, found: dict[int, int]) -> None:
        """Show the sizes."""
        self.sizes = found
        if self.latest is not None:
            self.show(self.latest)
