"""The backup before an emergency rollback: without a whole one, nothing is rolled back."""

from dataclasses import replace
from pathlib import Path

from console.errors import ConsoleError, Exit, Refused
from console.migrate.backup.models import Backup, Progress, Wish
from console.migrate.backup.proof import verify_backup
from console.migrate.backup.recording import record
from console.migrate.backup.service import backup
from console.migrate.run import Run
from console.units import number_of

NOTHING_DONE = "Nothing was rolled back."
"""The state after everything that stops an emergency rollback."""


async def backed_up(run: Run, parent: Path, wish: Wish) -> Backup:
    """A backup made now, read again from the disk and written into the ledger; Refused with exit 50 without one."""
    try:
        made = await backup(run.target, parent, _Teller(run), replace(wish, role=run.kept.role))
        await verify_backup(made.directory)
    except ConsoleError as error:
        raise _none(error.message, error.hint, error.sqlstate) from error
    if made.trial is not None and not made.proved:
        raise _none(f"The trial restore went wrong: {'; '.join(made.trial.wrong)}.", f"It is kept in {made.directory}.")
    await record(run.session, made, run.id)
    if made.abandoned:
        run.tell("note", message=made.warning())
    rows = number_of(sum(content.rows for content in made.manifest.tables), "row")
    tables = number_of(len(made.manifest.tables), "table")
    run.tell(
        "backed_up",
        message=f"Backed up {rows} of {tables} in {made.directory}. Now every table is locked and compared with it,"
        f" which takes about {made.counting:.1f} s.",
    )
    return made


def _none(message: str, hint: str, sqlstate: str | None = None) -> Refused:
    return Refused(
        f"There is no backup. {message}", state=NOTHING_DONE, hint=hint, exit=Exit.BACKUP_FAILED, sqlstate=sqlstate
    )


class _Teller:
    """Passes on how far the backup is: each phase once, and what happens within it."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._phase = ""

    def __call__(self, progress: Progress) -> None:
        known, self._phase = self._phase, progress.phase
        self._run.tell("progress" if progress.phase == known else "backup", message=f"{progress.sentence()} ...")
