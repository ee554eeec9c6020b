"""What changes retention: legal holds, and the policy that drops."""

from textual import work

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.storage import service
from console.panes.storage.hold_flows import hold, release
from console.panes.storage.table_changes import set_policy
from console.services.storage.retention import Retained, Retention
from console.shared.acting import TOLD
from console.ui.listing import Listing
from console.ui.pane import Pane


class RetentionChanges(Pane[Database, Retention]):
    """The keys of the list of retention that change something."""

    def action_hold(self) -> None:
        """Place a hold on the table under the cursor."""
        if self._current is not None:
            self._hold(self._current)

    def action_release(self) -> None:
        """Release a hold of the table under the cursor."""
        if self._current is None:
            return
        if self._current.holds:
            self._release(self._current)
        else:
            self.notify(f"{self._current.label} is under no hold.")

    def action_drop_after(self) -> None:
        """Set how old rows of the table under the cursor get."""
        if self._current is not None:
            self._drop_after(self._current)

    @property
    def _current(self) -> Retained | None:
        row: Retained | None = self.query_one(Listing).table.rows.current
        return row

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _hold(self, table: Retained) -> None:
        await hold(self, table.schema, table.name)

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _release(self, table: Retained) -> None:
        await release(self, table.holds)

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _drop_after(self, table: Retained) -> None:
        try:
            divided = await service.hypertable(self.database, table.schema, table.name)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error", timeout=TOLD)
            return
        await set_policy(self, "drop", divided, table.rule.policy if table.rule else None)
