"""`emr-console migrate backup`: a dump with its proof and its way back, and nothing else."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.progress import Line
from console.cli.target import target_and_role
from console.cli.values import directory
from console.errors import ConsoleError, Exit
from console.units import number_of

if TYPE_CHECKING:
    from console.migrate.backup.models import Backup, Progress

_COLUMNS = (Column("table", least=20), Column("rows", right=True))


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = actions.add_parser("backup", help="dump the database, with what every table holds and how to restore it")
    action.add_argument("--json", action="store_true", help="for scripts: one object")
    action.add_argument("--backup-dir", metavar="DIR", type=directory, required=True, help="where its folder is made")
    action.add_argument("--trial-restore", action="store_true", help="restore it once into a scratch database")
    action.set_defaults(handler=backup)


async def backup(args: argparse.Namespace) -> int:
    """Make a backup, and print what it holds; 50 if it failed or did not come back in a trial."""
    from console.config.file import pg_dump
    from console.migrate.backup.models import Wish
    from console.migrate.backup.recording import unrecorded
    from console.migrate.backup.service import backup as back_up

    target, role = target_and_role(args)
    narrator = _Narrator(args)
    try:
        made = await back_up(target, args.backup_dir, narrator.hear, Wish(role, pg_dump(), args.trial_restore))
    finally:
        narrator.close()
    why = await unrecorded(target, made, role) if made.proved else "Its trial restore went wrong."
    if args.json:
        output.data({**made.as_json(), "recorded": not why})
    else:
        output.table("", _COLUMNS, [(each.table, f"{each.rows:,}") for each in made.manifest.tables])
    output.say(args, told(made))
    if made.abandoned:
        output.say(args, made.warning())
    if why:
        output.say(args, f"It is not written down in emr_console.event: {why}")
    return _outcome(made)


def told(made: "Backup") -> str:
    """A backup in one sentence."""
    rows = sum(each.rows for each in made.manifest.tables)
    size = f"{made.manifest.bytes / 1e6:,.1f} MB"
    tried = f" Restored for a trial in {made.trial.seconds:.1f} s." if made.trial and made.trial.ok else ""
    return (
        f"{number_of(rows, 'row')} of {number_of(len(made.manifest.tables), 'table')} in {size},"
        f" in {made.seconds:.1f} s.{tried} How to restore it: {made.directory / 'RESTORE.md'}"
    )


def _outcome(made: "Backup") -> Exit:
    if made.proved or made.trial is None:
        return Exit.OK
    error = ConsoleError(
        f"The trial restore went wrong: {'; '.join(made.trial.wrong)}.",
        state=f"The dump is kept in {made.directory}.",
        hint="Follow its RESTORE.md by hand before you rely on it.",
        exit=Exit.BACKUP_FAILED,
    )
    output.failure(error, to_json=False)
    return error.exit


class _Narrator:
    """Tells each phase once, and on a terminal how far the dump is."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._args = args
        self._line = Line(args)
        self._phase = ""

    def hear(self, progress: "Progress") -> None:
        """Take one telling."""
        self._line.erase()
        if progress.phase != self._phase:
            self._phase = progress.phase
            output.say(self._args, f"{progress.sentence()} ...")
        elif progress.tables:
            self._line.show(progress.sentence())

    def close(self) -> None:
        """Take the line away."""
        self._line.erase()
