"""Emergency rollbacks on small folders, with somebody who writes at the worst moment."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from console.migrate.backup.models import Wish
from console.migrate.emergency.service import emergency
from console.migrate.files import read_folder
from console.migrate.reports import Event, Result
from console.migrate.selection import Back
from console.migrate.terms import Terms
from tests.migrate.working import Told, ask
from tests.targets import target

VERIFY = "select 'a check' as name, true as ok"


async def roll_back(
    dsn: str, folder: Path, parent: Path, report: Callable[[Event], None] | None = None, **changed: Any
) -> Result:
    """`migrate down --emergency`, all if nothing else is said; keywords are those of Back, Wish and Terms."""
    back = Back(**{name: changed.pop(name) for name in ("to", "all") if name in changed} or {"all": True})
    wish = Wish(**{name: changed.pop(name) for name in ("pg_dump", "trial") if name in changed})
    terms = Terms(**{"reason": "a test", **changed})
    return await emergency(target(dsn), read_folder(folder), report or Told().append, terms, back, parent, wish)


class Writer(Told):
    """Hears the events, and executes a statement when the backup is made and the lock is not yet taken."""

    def __init__(self, dsn: str, statement: str, after: str = "backed_up") -> None:
        super().__init__()
        self._dsn = dsn
        self._statement = statement
        self._after = after

    def append(self, event: Event) -> None:
        """Hear one event."""
        super().append(event)
        if event.event == self._after:
            ask(self._dsn, self._statement)


def stopped_events(dsn: str) -> list[tuple[str, str, str, bool]]:
    """What the ledger tells of emergencies that did not come to pass: kind, message, reason, whether it had begun."""
    events = ask(
        dsn,
        "select e.kind, e.detail ->> 'message', e.detail ->> 'reason', r.id is not null from emr_console.event e"
        " left join emr_console.run r on r.id = e.run_id where e.kind ~ 'refused|interrupted|failed' order by e.id",
    )
    return [(kind, message, reason, begun) for kind, message, reason, begun in events]
