"""A made-up plan and a made-up run, from which snapshots and pictures are drawn."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import chain, repeat
from typing import Any

from textual.pilot import Pilot

from console.migrate.lint.models import Finding
from console.migrate.plan.reports import LastBackup, Loss, Plan, Planned, PlannedMigration, TableLock
from console.migrate.reports import Event, Report, Result
from console.migrate.server_models import Blocker
from console.panes.migrations.course import Course
from console.panes.migrations.models import Goal, InTheWay
from console.panes.migrations.plan_text import PlanText
from console.panes.migrations.plan_view import PlanScreen
from console.panes.migrations.run_view import RunScreen
from tests.panes.looks import NIGHT
from tests.panes.pictures import ready
from tests.ui.waiting import until

TEXT = "ALTER TABLE tasks DROP COLUMN patient_uuid"
"""What runs as statement 3."""
SHA256 = "7f3a" + 57 * "0" + "c21"


def statement(number: int, line: int, kind: str, thing: str, locks: str = "", held: float | None = None) -> Planned:
    """One statement of the way back; what it locks is locked in ACCESS EXCLUSIVE mode."""
    found = [TableLock(table, "ACCESS EXCLUSIVE") for table in locks.split()]
    return Planned(number, line, kind, [thing], found, held is None and bool(locks), "", held, None, f"{kind} {thing}")


def way_back(version: str, name: str, statements: list[Planned], loss: list[Loss], **known: Any) -> PlannedMigration:
    """One migration's way back."""
    return PlannedMigration(
        version, name, f"{version}_{name}.down.sql", True, known.pop("inverse", "exact"), known.pop("stays", None),
        statements, loss=loss, stall_budget=15_000, statement_timeout=900_000, **known,
    )  # fmt: skip


def patients(**changed: Any) -> Plan:
    """Rolling 004 back while nurses are working."""
    loss = [
        Loss("patients", "table", 48_211, 21_770_000, NIGHT - timedelta(minutes=2), 47_003, phi=True),
        Loss("handover_items", "table", 200_014, 64_010_000, NIGHT - timedelta(minutes=9), 11_998, phi=True),
        Loss("handover_templates", "table", 14, 49_152, NIGHT - timedelta(days=91), 0),
        Loss("tasks.patient_uuid", "column", 412_900, None, NIGHT - timedelta(minutes=2)),
        Loss("tasks_with_patients", "view"),
        Loss("patient_access_policy on tasks", "policy", opens_access=True,
             note="The rows stay; who may see them is no longer restricted by it."),
    ]  # fmt: skip
    statements = [
        statement(1, 6, "DROP VIEW", "view tasks_with_patients", "tasks_with_patients", 0.1),
        statement(2, 7, "DROP POLICY", "policy patient_access_policy", "tasks", 0.1),
        statement(3, 9, "ALTER TABLE", "column patient_uuid", "tasks", 0.1),
        statement(4, 11, "DROP TABLE", "table handover_items", "handover_items handovers", 0.0),
        statement(5, 12, "DROP TABLE", "table handover_templates", "handover_templates", 0.0),
        statement(6, 14, "DROP TABLE", "table patients", "patients", 0.0),
        statement(7, 16, "DROP FUNCTION", "function mask_mrn(text)"),
        statement(8, 17, "DROP TYPE", "type patient_status"),
    ]
    finding = Finding("EM13", "W", "004_add_patients_table.down.sql", 9, "A column is dropped that is still written.")
    row = way_back("004", "add_patients_table", statements, loss, rehearsed=0.071, lint=[finding])
    return plan([row], **changed)


def audited() -> Plan:
    """A rollback that would take audit rows which have to be kept, and of which not everything is known."""
    loss = [
        Loss("audit_logs", "table", 100_000, 9_120_000_000, NIGHT, phi=True, exact=False, retention_conflict=True,
             note="Counting all of it takes longer than two seconds."),
        Loss("audit_log_details", "table", phi=True,
             note="Row security hides rows from this role, so nobody knows how many there are."),
    ]  # fmt: skip
    statements = [statement(1, 4, "DROP TABLE", "table audit_log_details", "audit_log_details", 0.0),
                  statement(2, 5, "DROP TABLE", "table audit_logs", "audit_logs", 0.0)]  # fmt: skip
    stays = "the roles stay, which other databases use"
    return plan([way_back("002", "add_audit_logs", statements, loss, inverse="partial", stays=stays)], target="001")


def pending() -> Plan:
    """Applying 005."""
    statements = [
        Planned(1, 12, "CREATE TABLE", ["table emr_verifications"], [], False, "", None, None, "CREATE TABLE ..."),
        Planned(2, 40, "INSERT", ["table audit_logs_new"], [TableLock("audit_logs", "SHARE")], True,
                "copies the rows of audit_logs", 31.2, None, "INSERT ..."),
    ]  # fmt: skip
    row = PlannedMigration(
        "005", "add_timescaledb", "005_add_timescaledb.plain.up.sql", True, "exact", None, statements,
        stall_budget=15_000, not_rehearsed="not rehearsed",
    )  # fmt: skip
    return plan([row], direction="up", target="all")


def plan(rows: list[PlannedMigration], **changed: Any) -> Plan:
    """A plan on the made-up hospital's server."""
    usual: dict[str, Any] = {
        "as_of": NIGHT, "flavour": "plain", "server": "18.6", "database": "emr", "direction": "down",
        "target": "last", "sha256": SHA256,
    }  # fmt: skip
    usual["backup"] = LastBackup() if (usual | changed)["direction"] == "down" else None
    return Plan(**usual | changed, rows=rows)


HOLDER = InTheWay(pid=902, role="emr_app", application="emr-gateway", state="active", transaction_age=0.3)

BLOCKER = Blocker(pid=4711, role="emr_app", application="emr-integration", state="idle in transaction",
                  transaction_age=743.0, query="update tasks set status = ?")  # fmt: skip


def waiting() -> list[Event]:
    """A run that has done one of two, and waits for a lock."""
    who = "session 4711 (emr_app emr-integration, idle in transaction for 743 s): update tasks set status = ?"
    return [
        Event("started", 0.0, versions=["005", "004"]),
        Event("migration", 0.1, "005", statements=42, message="005_add_timescaledb"),
        Event("rolled_back", 1.3, "005", message="005_add_timescaledb"),
        Event("migration", 1.3, "004", statements=8, message="004_add_patients_table"),
        Event("statement", 1.3, "004", 3, 8, 9),
        Event("waiting", 2.4, "004", message=f"No lock within 400 ms (try 9); in the way: {who}", blockers=[BLOCKER]),
        Event("statement", 3.1, "004", 3, 8, 9),
    ]


def finished() -> list[Event]:
    """The same run at its end."""
    return [*waiting(), Event("rolled_back", 4.0, "004", message="004_add_patients_table")]


def told(events: list[Event], result: Result | None) -> Callable[[Report], Awaitable[Result]]:
    """A run that tells these events at once; without a result it never ends."""

    async def job(report: Report) -> Result:
        for event in events:
            report(event)
        return result or await asyncio.Event().wait()  # type: ignore[return-value]  # it never returns

    return job


async def open_plan(pilot: Pilot[Any], made: Callable[[], Plan], goal: Goal, *, writable: bool = False) -> None:
    """A plan that is fed by hand, above the migrations pane."""

    class Fed(PlanScreen):
        async def load(self, *, rehearse: bool) -> tuple[Plan, Sequence[InTheWay]]:
            return made(), [HOLDER]

    pane = await ready(pilot)
    if writable:
        pilot.app.window.open("the ward asked for it")  # type: ignore[attr-defined]  # ConsoleApp's
        await until(pilot, lambda: pane.writable)
    await pilot.app.push_screen(Fed(pane, goal))
    await until(pilot, lambda: bool(pilot.app.screen.query(PlanText)) and pilot.app.screen.query_one(PlanText).display)


async def open_run(pilot: Pilot[Any], events: list[Event], result: Result | None) -> None:
    """A run that has told these events, four seconds after its beginning."""
    moments = chain([0.0], repeat(4.2))
    course = Course(["005_add_timescaledb", "004_add_patients_table"], {("004", 3): TEXT})
    pane, job = await ready(pilot), told(events, result)
    what = "Rolling back 005 and 004"
    await pilot.app.push_screen(RunScreen(pane.database, job, what, course, clock=lambda: next(moments)))
    await until(pilot, lambda: len(course.events) == len(events) and (course.result is not None or not result))
