"""`emr-console patients find|show`: who a patient is, masked; both are written down in the audit log."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from console.cli import audit_search, output
from console.cli.columns import Column
from console.cli.target import chosen
from console.errors import UsageError

if TYPE_CHECKING:
    from uuid import UUID

    from console.db.database import Database
    from console.services.patients.found_models import Patient
    from console.services.patients.showing import Shown


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the actions."""
    action = actions.add_parser("find", help="patients by number, date of birth or how a name begins")
    action.add_argument("query", metavar="QUERY", help="such as TEST-0000123, born:1980-02-03, or 'testson, an'")
    action.add_argument("--json", action="store_true", help="one JSON object")
    action.set_defaults(handler=find)
    action = actions.add_parser("show", help="one patient: tasks, handovers, who looked last")
    action.add_argument("id", metavar="ID", help="the uuid that `patients find` tells")
    action.add_argument("--as", dest="user", metavar="USER", help="what this user of the platform may see, too")
    action.add_argument("--json", action="store_true", help="one JSON object")
    action.set_defaults(handler=show)


async def find(args: argparse.Namespace) -> int:
    """Print who fits; what was typed is printed nowhere."""
    from console.db.database import Database
    from console.services.audit.recording import Recorder
    from console.services.patients import finding
    from console.services.patients.wanted import wanted

    meant = wanted(args.query)
    async with Database(chosen(args)) as db:
        found = await finding.find(db, Recorder(db), meant)
        head = await _head(db)
    if args.json:
        known = {"query": found.shown, "more": found.more, "similar": found.similar}
        output.data({**head, **known, "rows": [row.as_json() for row in found.rows]})
    else:
        output.table("", COLUMNS, [cells(row) for row in found.rows])
    many = "1 patient." if len(found.rows) == 1 else f"{len(found.rows):,} patients."
    output.say(args, f"{many} {found.remark}".rstrip())
    return 0


async def show(args: argparse.Namespace) -> int:
    """Print one patient."""
    from console.db.database import Database
    from console.services.audit.recording import Recorder
    from console.services.patients import probing, showing

    patient = _id(args.id)
    async with Database(chosen(args)) as db:
        shown = await showing.shown(db, Recorder(db), patient)
        seen = await probing.seen_by(db, args.user, patient) if args.user else None
        head = await _head(db)
    if args.json:
        output.data({**head, **_as_json(shown), "as_user": seen.as_json() if seen else None})
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


async def _head(db: "Database") -> dict[str, object]:
    server = await db.server()
    return {"as_of": datetime.now(UTC), "flavour": server.flavour, "server": server.version}


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
    output.table("Patient", COLUMNS, [cells(shown.patient)])
    tasks = [(each, "") for each in shown.tasks] + [(each, "known by the EMR's id only") for each in shown.unlinked]
    rows = [(each.status, f"{each.tasks:,}", f"{each.overdue:,}", note) for each, note in tasks]
    output.table("Tasks", ("status", Column("tasks", right=True), Column("overdue", right=True), "note"), rows)
    handed = [
        (f"{each.handed_over_at:%Y-%m-%d %H:%M}", each.priority, each.status,
         "action required" if each.action_required else "", "read" if each.acknowledged else "not read")
        for each in shown.handovers
    ]  # fmt: skip
    output.table("Handovers", ("time (UTC)", "priority", "status", "action", "by the next shift"), handed)
    output.table("Last accesses", audit_search.COLUMNS, [audit_search.cells(each) for each in shown.accesses])


COLUMNS = (
    Column("id"),
    Column("record number", 2),
    Column("name"),
    Column("born", right=True),
    Column("system", 3),
    Column("id there", 4),
    Column("deleted", 5),
)
"""What is shown of a patient for a person."""


def cells(row: "Patient") -> list[str]:
    """One patient as the cells of COLUMNS."""
    deleted = "deleted" if row.deleted else ""
    return [str(row.id), row.mrn, row.name or "", str(row.birth_year), row.system, row.emr_patient_id, deleted]
