"""`emr-console patients show`: one patient, masked; it is written down in the audit log."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.audit import search
from console.cli.columns import Column
from console.cli.patients import find
from console.cli.target import chosen
from console.errors import UsageError
from console.iso import to_minute

if TYPE_CHECKING:
    from uuid import UUID

    from console.services.patients.showing import Shown


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = actions.add_parser("show", help="one patient: tasks, handovers, who looked last")
    action.add_argument("id", metavar="ID", help="the uuid that `patients find` tells")
    action.add_argument("--as", dest="user", metavar="USER", help="what this user of the platform may see, too")
    action.add_argument("--json", action="store_true", help="one JSON object")
    action.set_defaults(handler=show)


async def show(args: argparse.Namespace) -> int:
    """Print one patient."""
    from console.db.database import Database
    from console.services.audit.recording import Recorder
    from console.services.patients import probing, showing

    patient = _id(args.id)
    async with Database(chosen(args)) as db:
        shown = await showing.shown(db, Recorder(db), patient)
        seen = await probing.seen_by(db, args.user, patient) if args.user else None
        server = await db.server()
    if args.json:
        as_user = seen.as_json() if seen else None
        output.answer(datetime.now(UTC), server, **_as_json(shown), as_user=as_user)
    else:
        _tables(shown)
        output.text(seen.sentence if seen else "")
    if shown.remark:
        output.say(args, shown.remark)
    return 0


def _id(word: str) -> "UUID":
    from uuid import UUID

    try:
        return UUID(word)
    except ValueError:
        hint = "emr-console patients find NUMBER tells the id of whoever has that record number."
        raise UsageError("This is no id of a patient.", state="Nothing is shown.", hint=hint) from None


def _as_json(shown: "Shown") -> dict[str, object]:
    return {
        "patient": shown.patient.as_json(),
        "tasks": [each.model_dump() for each in shown.tasks],
        "unlinked_tasks": [each.model_dump() for each in shown.unlinked],
        "handovers": [each.model_dump() for each in shown.handovers],
        "accesses": [each.as_json() for each in shown.accesses],
        "unread": list(shown.unread),
    }


def _tables(shown: "Shown") -> None:
    output.table("Patient", find.COLUMNS, [find.cells(shown.patient)])
    tasks = [(each, "") for each in shown.tasks] + [(each, "known by the EMR's id only") for each in shown.unlinked]
    rows = [(each.status, f"{each.tasks:,}", f"{each.overdue:,}", note) for each, note in tasks]
    output.table("Tasks", ("status", Column("tasks", right=True), Column("overdue", right=True), "note"), rows)
    handed = [
        (to_minute(each.handed_over_at), each.priority, each.status,
         "action required" if each.action_required else "", "read" if each.acknowledged else "not read")
        for each in shown.handovers
    ]  # fmt: skip
    output.table("Handovers", ("time (UTC)", "priority", "status", "action", "by the next shift"), handed)
    output.table("Last accesses", search.COLUMNS, [search.cells(each) for each in shown.accesses])
