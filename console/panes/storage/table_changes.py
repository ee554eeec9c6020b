"""What changes tables: their policies, and the weeks ahead of the audit tables."""

from typing import Any, Literal

from textual import work

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.storage import service
from console.panes.storage.flows import change, typed
from console.services.storage.models import Divided, Policy
from console.services.storage.tables import Table, Tables
from console.shared.acting import TOLD
from console.ui.listing import Listing
from console.ui.pane import Pane

Kind = Literal["compress", "drop"]
"""Which policy."""

USUAL: dict[Kind, str] = {"compress": "90 days", "drop": "7 years"}
"""What is proposed where there is none."""

WHAT: dict[Kind, str] = {"compress": "Compress chunks", "drop": "Drop chunks"}
"""What a policy does."""


class TableChanges(Pane[Database, Tables]):
    """The keys of the list of tables that change something."""

    @property
    def current(self) -> Table | None:
        """The table under the cursor."""
        row: Table | None = self.query_one(Listing).table.rows.current
        return row

    def action_ahead(self) -> None:
        """Make the weeks to come, after a question."""
        self._ahead()

    def action_policy(self, kind: Kind) -> None:
        """Set a policy of the table under the cursor, after its span and a question."""
        if self.current is not None:
            rule = self.current.drop if kind == "drop" else self.current.compress
            self._policy(kind, self.current.divided, rule)

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _ahead(self) -> None:
        await change(self, service.weeks_ahead(self.database))

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _policy(self, kind: Kind, table: Divided, rule: Policy | None) -> None:
        await set_policy(self, kind, table, rule)


async def set_policy(pane: Pane[Database, Any], kind: Kind, table: Divided, rule: Policy | None) -> None:
    """Ask for the span, then set the policy, after a question; where there can be none, that is said at once."""
    try:
        await service.require_policies(pane.database)
    except ConsoleError as error:
        pane.notify(error.sentence(), severity="error", timeout=TOLD)
        return
    label = f"{WHAT[kind]} that are older than, such as {USUAL[kind]}; {service.NEVER}: no policy"
    now = (rule.written if rule else None) or USUAL[kind]
    await typed(
        pane,
        f"{WHAT[kind]} of {table.label}",
        label,
        now,
        lambda value: service.policy(pane.database, table, value, drops=kind == "drop"),
    )
