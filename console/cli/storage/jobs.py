"""`emr-console jobs`: how every job stands, and why one fails."""

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.target import chosen
from console.iso import to_minute

if TYPE_CHECKING:
    from console.services.jobs.models import Cause, Job, Jobs


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("jobs", help="compression, retention and refresh jobs, and why one fails")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.set_defaults(handler=jobs)


async def jobs(args: argparse.Namespace) -> int:
    """Print every job once, the worst first; errors have no values."""
    from console.db.database import Database
    from console.services.jobs.service import read_jobs

    async with Database(chosen(args)) as db:
        server = await db.server()
        found = await read_jobs(db)
    if args.json:
        output.answer(found.as_of, server, **_as_json(found))
    else:
        _print(args, found)
    return 0


def _as_json(found: "Jobs") -> dict[str, object]:
    told: dict[str, object] = {
        "scheduler": found.scheduler,
        "causes": [cause.as_json() for cause in found.causes],
        "missing": list(found.missing),
        "rows": [job.as_json() for job in found.jobs],
    }
    return told | ({"unavailable": found.unavailable} if found.unavailable else {})


def _print(args: argparse.Namespace, found: "Jobs") -> None:
    output.table("", COLUMNS, [cells(job, found.as_of) for job in found.jobs])
    for cause in found.causes:
        output.say(args, sentence(cause))
    for line in (found.trouble, *found.missing, found.unavailable):
        if line:
            output.say(args, line)
    if not (found.jobs or found.unavailable):
        output.say(args, "There are no jobs.")


COLUMNS = (
    Column("id", right=True),
    Column("job", least=19),
    Column("table", 3, least=20),
    Column("state"),
    Column("note", 2, least=16),
    Column("last run", 6),
    Column("took", 7, right=True),
    Column("next (UTC)", 5),
    Column("last error", 4, least=20),
)
"""What is shown of a job for a person."""


def cells(job: "Job", as_of: datetime) -> list[str]:
    """One job as the cells of COLUMNS."""
    from console.units import age, duration

    ago = f"{age((as_of - job.last_run).total_seconds())} ago" if job.last_run else ""
    hidden = "hidden from this role" if job.grant else ""
    return [
        "" if job.id is None else str(job.id),
        job.label,
        (job.table or "").removeprefix("public."),
        job.state.replace("_", " "),
        job.note,
        ago,
        duration(job.last_duration),
        to_minute(job.next_start) if job.next_start else "",
        job.error or hidden,
    ]


def sentence(cause: "Cause") -> str:
    """What several jobs have in common."""
    numbers = ", ".join(map(str, cause.jobs))
    return f"{len(cause.jobs)} jobs fail alike ({numbers}): {cause.words}. The reason is not in any one of them."
