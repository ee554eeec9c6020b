"""`migrate down`: what is applied is undone, the last first, one transaction a file; it works without the files."""

from collections.abc import Mapping, Sequence

from console.db.session import Session
from console.db.target import Target
from console.errors import Refused
from console.migrate import ledger
from console.migrate.classify import drift
from console.migrate.doubt import settled
from console.migrate.drifted import tell_drift
from console.migrate.files import Folder, Migration
from console.migrate.guard import admit
from console.migrate.kept import kept_script
from console.migrate.models import Recorded, Stored
from console.migrate.reports import Report, Result
from console.migrate.run import Run, bury, locked, start
from console.migrate.selection import UNCHANGED, Back, for_down
from console.migrate.standing import Standing
from console.migrate.step import Down
from console.migrate.steps import perform_all
from console.migrate.terms import Terms, refuse_unconfirmed


async def down(target: Target, folder: Folder, report: Report, terms: Terms, back: Back) -> Result:
    """Undo what is applied, as far as `back` says. Raises what stands in the way before anything was changed."""
    async with locked(target, report, role=terms.role, lock_wait=terms.lock_wait) as run:
        standing, steps = await agreed(run, folder, terms, back)
        if not steps:
            return Result()
        await start(run, "down", standing, target=back.target, reason=terms.reason)
        return await perform_all(run, steps)


async def agreed(run: Run, folder: Folder, terms: Terms, back: Back) -> tuple[Standing, list[Down]]:
    """How things stand under the lock, and what runs to go back, nothing else than what was agreed to."""
    standing = await settled(run, folder, terms.flavour, presence=run.presence)
    rows = for_down(standing, back)
    refuse_unconfirmed([row.label for row in rows], terms)
    await bury(run, standing)
    if not rows:
        run.tell("note", message="Nothing is applied that this would roll back.")
        return standing, []
    await ledger.bootstrap(run.session, run.presence)
    steps = await ways_back(run.session, standing, rows)
    for step in steps:
        if step.stored:
            run.tell("note", step.version, message=f"{step.label} goes back by the text in the ledger.")
    await admit(run.session, standing, steps, terms, back.target)
    await tell_drift(run, standing, reason=terms.reason)
    return standing, steps


async def ways_back(session: Session, standing: Standing, rows: Sequence[Recorded]) -> list[Down]:
    """What runs to undo these, from their files or from the ledger."""
    if not rows:
        return []
    files = {int(migration.version): migration for migration in standing.migrations}
    stored = await ledger.stored_texts(session, [row.version for row in rows])
    return [way_back(row, files.get(int(row.version)), stored) for row in rows]


def way_back(row: Recorded, file: Migration | None, stored: Mapping[str, Stored]) -> Down:
    """The file's down while its up is what was applied, so that a broken down can be mended; else the stored one."""
    if file is not None and file.down is not None and drift(file, row) != "up":
        return Down(row, file.down, stored=False)
    kept = stored[row.version]
    if kept.down_text is None:
        raise Refused(
            f"{row.label} is irreversible: there is no way back in its file or in the ledger.",
            state=UNCHANGED,
            hint="Roll back to it at most, with --to.",
        )
    return Down(row, kept_script(f"{row.label}.down.sql", kept.down_text, kept.down_hashes), stored=True)
