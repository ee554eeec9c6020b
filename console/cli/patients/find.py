"""`emr-console patients find`: who fits, masked; it is written down in the audit log."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.target import chosen
from console.units import number_of

if TYPE_CHECKING:
    from console.services.patients.found_models import Patient


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = actions.add_parser("find", help="patients by number, date of birth or how a name begins")
    action.add_argument("query", metavar="QUERY", help="such as TEST-0000123, born:1980-02-03, or 'testson, an'")
    action.add_argument("--json", action="store_true", help="one JSON object")
    action.set_defaults(handler=find)


async def find(args: argparse.Namespace) -> int:
    """Print who fits; what was typed is printed nowhere."""
    from console.db.database import Database
    from console.services.audit.recording import Recorder
    from console.services.patients import finding
    from console.services.patients.wanted import wanted

    meant = wanted(args.query)
    async with Database(chosen(args)) as db:
        found = await finding.find(db, Recorder(db), meant)
        server = await db.server()
    if args.json:
        known = {"query": found.shown, "more": found.more, "similar": found.similar}
        output.answer(datetime.now(UTC), server, **known, rows=[row.as_json() for row in found.rows])
    else:
        output.table("", COLUMNS, [cells(row) for row in found.rows])
    many = f"{number_of(len(found.rows), 'patient')}."
    output.say(args, f"{many} {found.remark}".rstrip())
    return 0


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
