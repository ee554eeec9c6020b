"""`migrate status`: where every migration stands and who runs the engine now; changes nothing, creates nothing."""

from collections.abc import Sequence
from dataclasses import replace

from console.db import operator
from console.db.operator import Operator
from console.errors import Exit
from console.migrate import lock
from console.migrate.asker import Asker
from console.migrate.classify import classify
from console.migrate.contradiction import contradicted
from console.migrate.files import Folder
from console.migrate.flavour import Chosen
from console.migrate.models import APPLIED, OpenRun
from console.migrate.reports import Holder, MigrationStatus, State, Status
from console.migrate.standing import read_standing

_CALM = frozenset({"pending", "applied", "applied_unverified"})


async def status(asker: Asker, folder: Folder, *, flavour: Chosen | None = None, role: str | None = None) -> Status:
    """Where the schema of one database stands; `role` is the one that migrations run under."""
    standing = await read_standing(asker, folder, flavour, role=role)
    unsure, hidden = standing.books.unreadable or contradicted(standing.books.meta), standing.hidden
    found = standing.holder
    run = lock.run_of(found, standing.books.runs) if found else None
    holder = lock.described(found, run) if found else None
    rows = with_progress(classify(standing), holder, run, operator.current())
    return Status(
        as_of=standing.presence.as_of,
        flavour=standing.server.flavour,
        batch=max((row.batch for row in rows if row.batch is not None), default=None),
        lock=holder,
        rows=rows,
        exit=exit_code(rows, holder, sure=unsure is None),
        note=f"{unsure.message} {unsure.hint}".rstrip() if unsure else None,
        lock_note=f"Whether somebody migrates now cannot be seen. {hidden.message}" if hidden else None,
    )


def with_progress(
    rows: Sequence[MigrationStatus], holder: Holder | None, run: OpenRun | None, here: Operator
) -> list[MigrationStatus]:
    """The rows, the one that is being worked on marked so: its transaction hides everything else."""
    return [
        replace(row, state=_state_now(row, run, here)) if holder and row.version == holder.version else row
        for row in rows
    ]


def _state_now(row: MigrationStatus, run: OpenRun | None, here: Operator) -> State:
    if lock.client_died(run, here):
        return "orphaned"
    return "rolling_back" if row.state in APPLIED else "applying"


def exit_code(rows: Sequence[MigrationStatus], holder: Holder | None, *, sure: bool) -> Exit:
    """0, 1 when something needs attention, 10 while somebody runs the engine; `sure` says that the books hold."""
    if holder is not None:
        return Exit.LOCKED
    calm = sure and all(row.state in _CALM and row.drift in (None, "cosmetic") for row in rows)
    return Exit.OK if calm else Exit.FINDINGS
