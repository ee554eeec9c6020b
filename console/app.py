"""ConsoleApp: the frame on one database."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from console.recorded import RECORDED
from console.registry import PANES
from console.services.history.recorded import Recorded
from console.services.history.replayed import Replayed
from console.services.history.ring import Ring
from console.ui.commands import CommandTable, bindings
from console.ui.frame import Frame
from console.ui.header import Identity
from console.ui.pane import Pane
from console.ui.panebar import Panes, pane_commands

if TYPE_CHECKING:
    from console.db.database import Database


class ConsoleApp(Frame):
    """The panes of the registry, what they ask, and what they showed in the last minutes."""

    PANES: ClassVar[Panes] = PANES
    RECORDED: ClassVar[Sequence[Recorded[Any]]] = RECORDED
    COMMAND_TABLE: ClassVar[CommandTable] = pane_commands(PANES)
    BINDINGS: ClassVar = bindings(COMMAND_TABLE)

    def __init__(
        self,
        database: "Database",
        identity: Identity,
        *,
        start: str | None = None,
        theme: str | None = None,
        keymap: Mapping[str, str] | None = None,
        interval: float | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        super().__init__(identity, start=start, theme=theme, keymap=keymap, interval=interval, environ=environ)
        self.database = database
        """What the panes ask."""
        self.timeline = self._ring = Ring(self.RECORDED)

    def made(self, kind: type[Pane[Any, Any]]) -> Pane[Any, Any]:
        """A new pane, which asks this database."""
        return kind(self.database)

    def remember(self, pane: str, data: Any) -> None:
        """Keep it for those who go back."""
        self._ring.keep(pane, data, datetime.now(UTC))

    @property
    def nowhere(self) -> Replayed:
        """What the panes ask at an earlier moment."""
        return Replayed(self.database.target)
