"""The first tab: the tables, and below each its chunks."""

from typing import Any, ClassVar

from textual import on

from console.panes.storage.chunks import ChunksPane
from console.panes.storage.tables import HypertableListPane
from console.services.storage.tables import Table
from console.ui.pane import Pane
from console.ui.tabs import InnerPanes, TabbedPane


class HypertablesPane(TabbedPane):
    """Hypertables and partitioned tables: chunks, sizes, policies; enter shows the chunks."""

    NAME: ClassVar = "hypertables"
    TITLE: ClassVar = "Hypertables"
    TABS: ClassVar[InnerPanes] = (HypertableListPane, ChunksPane)
    DEFAULT_CSS = "HypertablesPane > TabLine { display: none; }"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The key of the next tab is that of the pane around this one."""
        return False if action == "turn" else super().check_action(action, parameters)

    async def action_show_tab(self, name: str) -> None:
        """The tables, or the chunks of the table under the cursor."""
        if name == HypertableListPane.NAME:
            await super().action_show_tab(name)
        elif (table := self.query_one(HypertableListPane).current) is not None:
            await self._descend(table)

    @on(HypertableListPane.Opened)
    async def _open(self, event: HypertableListPane.Opened) -> None:
        await self._descend(event.table)

    @on(ChunksPane.Left)
    async def _ascend(self) -> None:
        await super().action_show_tab(HypertableListPane.NAME)

    async def _descend(self, table: Table) -> None:
        await self.query(ChunksPane).remove()  # what it shows is another table's
        self._table = table
        await super().action_show_tab(ChunksPane.NAME)

    def _made(self, kind: type[Pane[Any, Any]]) -> Pane[Any, Any]:
        made = super()._made(kind)
        if isinstance(made, ChunksPane):
            made.divided = self._table.divided
        return made
