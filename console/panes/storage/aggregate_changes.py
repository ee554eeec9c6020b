"""What changes aggregates: refreshed now, or by a policy."""

from textual import work

from console.db.database import Database
from console.panes.storage import service
from console.panes.storage.flows import change, typed
from console.services.storage.aggregates import Aggregate, Aggregates
from console.ui.listing import Listing
from console.ui.pane import Pane

RANGE = "From and to, such as 2026-01-01 .. 2026-02-01, in UTC; a side left out is as far as there are raw rows:"
"""What is asked for a refresh."""

SPANS = "Reach back, leave alone, how often, such as 3 days, 1 hour, 1 hour:"
"""What is asked for a policy."""


class AggregateChanges(Pane[Database, Aggregates]):
    """The keys of the list of aggregates that change something."""

    def action_refresh_it(self) -> None:
        """Refresh the one under the cursor: a range of a continuous aggregate, or the whole view."""
        if self._current is not None:
            self._refresh(self._current)

    def action_policy(self) -> None:
        """Set what refreshes the one under the cursor by itself."""
        if self._current is not None and self._current.continuous is None:
            self.notify("PostgreSQL refreshes no view by itself; emr-console maintain does.")
        elif self._current is not None:
            self._policy(self._current)

    @property
    def _current(self) -> Aggregate | None:
        row: Aggregate | None = self.query_one(Listing).table.rows.current
        return row

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _refresh(self, each: Aggregate) -> None:
        if each.continuous is None:
            await change(self, service.refresh(self.database, each))
            return
        title = f"Refresh {each.label}"
        await typed(self, title, RANGE, "..", lambda value: service.refresh(self.database, each, value))

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _policy(self, each: Aggregate) -> None:
        title = f"What refreshes {each.label}"
        now = service.spans_of(each)
        await typed(self, title, SPANS, now, lambda value: service.refreshes(self.database, each, value))
