"""`migrate down`: what is applied is undone, the last first, one transaction a file; it works without the files."""

from collections.abc import Mapping, Sequence

from console.db.target import Target
from console.errors import Refused
from console.migrate import ledger
from console.migrate.classify import drift
from console.migrate.files import Folder, Migration, read_script
from console.migrate.models import Recorded, Stored
from console.migrate.reports import Report, Result
from console.migrate.requirements import require_scripts
from console.migrate.run import Run, bury, locked, start
from console.migrate.selection import UNCHANGED, Back, for_down
from console.migrate.standing import Standing, read_standing
from console.migrate.step import Down
from console.migrate.steps import perform_all
from console.migrate.terms import Terms, refuse_unconfirmed


async def down(target: Target, folder: Folder, report: Report, terms: Terms, back: Back) -> Result:
    """Undo what is applied, as far as `back` says. Raises what stands in the way before anything was changed."""
    async with locked(target, report, role=terms.role, lock_wait=terms.lock_wait) as run:
        standing = await read_standing(run.session, folder, terms.flavour)
        rows = for_down(standing, back)
        refuse_unconfirmed([row.label for row in rows], terms)
        await bury(run, standing)
        if not rows:
            run.tell("note", message="Nothing is applied that this would roll back.")
            return Result()
        await ledger.bootstrap(run.session)
        steps = await _ways_back(run, standing, rows)
        require_scripts(standing, [step.script for step in steps])
        await start(run, "down", standing, target=_target(back), reason=terms.reason)
        return await perform_all(run, steps)


async def _ways_back(run: Run, standing: Standing, rows: Sequence[Recorded]) -> list[Down]:
    files = {int(migration.version): migration for migration in standing.migrations}
    stored = await ledger.stored_texts(run.session, [row.version for row in rows])
    steps = [way_back(row, files.get(int(row.version)), stored) for row in rows]
    for step in steps:
        if step.stored:
            run.tell("note", step.version, message=f"{step.label} goes back by the text in the ledger.")
    return steps


def way_back(row: Recorded, file: Migration | None, stored: Mapping[str, Stored]) -> Down:
    """The file's down while its up is what was applied, so that a broken down can be mended; else the stored one."""
    if file is not None and file.down is not None and drift(file, row) != "up":
        return Down(row, file.down, stored=False)
    text = stored[row.version].down_text
    if text is None:
        raise Refused(
            f"{row.label} is irreversible: there is no way back in its file or in the ledger.",
            state=UNCHANGED,
            hint="Roll back to it at most, with --to.",
        )
    return Down(row, read_script(f"{row.label}.down.sql in the ledger", text), stored=True)


def _target(back: Back) -> str:
    return back.to or ("all" if back.all else "last")
