"""The synthetic hospital in a database: within every constraint, and never among real patients."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import psycopg
import pytest

from console.db.session import Session
from console.db.target import Target
from console.demo.generate import moments, service
from console.demo.server import Cluster
from console.demo.traffic import scenes
from console.errors import Exit, Refused, StatementFailed, UsageError
from console.migrate.files import default_folder
from tests.fixtures.databases import fresh, template
from tests.fixtures.timescale import Timescale
from tests.migrate.working import go_up
from tests.targets import target

END = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
SMALL = service.Options(scale=0.001, until=END)
TINY = service.Options(scale=0.0001, until=END)


OFFENDERS = {
    "audit rows in DEFAULT": "SELECT count(*) FROM audit_logs_default",
    "details in DEFAULT": "SELECT count(*) FROM audit_log_details_default",
    "audit rows of the future": "SELECT count(*) FROM audit_logs WHERE created_at >= %(end)s",
    "audit rows of nobody":
        "SELECT count(*) FROM audit_logs a LEFT JOIN users u ON u.id = a.user_id WHERE u.id IS NULL",
    "audit rows before the user was hired":
        "SELECT count(*) FROM audit_logs a JOIN users u ON u.id = a.user_id WHERE a.created_at < u.created_at",
    "patients seen before they were registered":
        "SELECT count(*) FROM audit_logs a JOIN patients p ON p.id = a.entity_id WHERE a.created_at < p.created_at",
    "details of nothing":
        "SELECT count(*) FROM audit_log_details d LEFT JOIN audit_logs a"
        " ON a.id = d.audit_log_id AND a.created_at = d.audit_log_created_at WHERE a.id IS NULL",
    "shifts that end before they start": "SELECT count(*) FROM shifts WHERE end_time <= start_time",
    "handovers to themselves": "SELECT count(*) FROM handovers WHERE from_shift_id = to_shift_id",
    "handovers between departments":
        "SELECT count(*) FROM handovers h JOIN shifts a ON a.id = from_shift_id JOIN shifts b ON b.id = to_shift_id"
        " WHERE a.department_id <> b.department_id OR a.end_time <> b.start_time",
    "handovers half completed":
        "SELECT count(*) FROM handovers WHERE is_completed <> (completed_at IS NOT NULL)"
        " OR is_completed <> (accepted_by IS NOT NULL)",
    "tasks outside their shift":
        "SELECT count(*) FROM tasks t JOIN shifts s ON s.id = t.shift_id"
        " WHERE t.department_id <> s.department_id OR t.created_at NOT BETWEEN s.start_time AND s.end_time",
    "tasks without their patient":
        "SELECT count(*) FROM tasks t LEFT JOIN patients p ON p.id = t.patient_uuid"
        " AND p.emr_patient_id = t.patient_id AND p.emr_system = t.emr_system WHERE p.id IS NULL",
    "verifications before their task":
        "SELECT count(*) FROM emr_verifications v JOIN tasks t ON t.id = v.task_id WHERE v.verified_at < t.created_at",
    "failures without a reason":
        "SELECT count(*) FROM emr_verifications WHERE (status = 'FAILED') <> (failure_reason IS NOT NULL)",
    "clocks of today":
        "SELECT count(*) FROM tasks WHERE vector_clock_timestamp <> extract(epoch FROM updated_at) * 1000000",
    "triggers left off": "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'",
    "empty reports":
        "SELECT count(*) FROM (SELECT count(*) FROM audit_logs_daily UNION ALL SELECT count(*) FROM audit_logs_hourly"
        " UNION ALL SELECT count(*) FROM compliance_audit_summary) AS sizes (rows) WHERE rows = 0",
}  # fmt: skip
"""What there must be none of in a filled database."""


async def fill(target: Target, options: service.Options = SMALL) -> service.Report:
    async with await Session.open(target, "test", settings=service.SETTINGS) as session:
        return await service.generate(session, target, options, lambda _table, _sent: None)


@pytest.fixture
def half_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The partitions of seven years take seconds to make; half a year holds every story."""
    monkeypatch.setattr(moments, "SPAN", 182 * moments.DAY)


def numbers(dsn: str, queries: dict[str, str]) -> dict[str, int]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        rows = {what: connection.execute(query.encode(), {"end": END}).fetchone() for what, query in queries.items()}
    return {what: int(row[0]) for what, row in rows.items() if row}


def number(dsn: str, query: str) -> int:
    return numbers(dsn, {"it": query})["it"]


def offenders(dsn: str) -> dict[str, int]:
    return {what: count for what, count in numbers(dsn, OFFENDERS).items() if count}


def counted(dsn: str, report: service.Report) -> dict[str, int]:
    return numbers(dsn, {table: f"SELECT count(*) FROM {table}" for table in report.counts})


SEVEN_YEARS = pytest.param(moments.SPAN, id="seven years", marks=pytest.mark.long)


@pytest.mark.parametrize("span", [SEVEN_YEARS, pytest.param(60 * moments.WEEK, id="sixty weeks")])
async def test_every_constraint_holds(pg18_migrated: str, monkeypatch: pytest.MonkeyPatch, span: int) -> None:
    """Sixty weeks are made in several steps as well, the partitions and the audit rows."""
    monkeypatch.setattr(moments, "SPAN", span)
    report = await fill(target(pg18_migrated))
    assert counted(pg18_migrated, report) == report.counts
    assert offenders(pg18_migrated) == {}


@pytest.fixture
def pg15_migrated(pg15: Cluster) -> Iterator[str]:
    with fresh(pg15, template(pg15)) as dsn:
        yield dsn


@pytest.mark.long
@pytest.mark.usefixtures("half_a_year")
async def test_every_constraint_holds_on_15_too(pg15_migrated: str) -> None:
    report = await fill(target(pg15_migrated))
    assert counted(pg15_migrated, report) == report.counts
    assert offenders(pg15_migrated) == {}


async def test_rows_that_are_there_are_not_mixed_with(pg18_migrated: str) -> None:
    with psycopg.connect(pg18_migrated, autocommit=True) as connection:
        connection.execute("INSERT INTO departments (name, code) VALUES ('A ward', 'W1')")
    with pytest.raises(Refused, match="is not empty") as caught:
        await fill(target(pg18_migrated))
    assert caught.value.exit == Exit.REFUSED


@pytest.mark.parametrize(
    "place",
    [{"environment": "production"}, {"host": "db1.example.org"}],
    ids=["labelled production", "remote without a label"],
)
async def test_production_is_refused_always(pg18_migrated: str, place: dict[str, str]) -> None:
    here = target(pg18_migrated)
    label = place.pop("environment", None)
    there = Target({**here.params, **place}, "a test", environment=label)
    options = service.Options(scale=0.0001, into_existing=True)
    async with await Session.open(here, "test") as session:
        with pytest.raises(Refused, match="is production") as caught:
            await service.generate(session, there, options, lambda _table, _sent: None)
    assert caught.value.exit == Exit.REFUSED
    assert number(pg18_migrated, "SELECT count(*) FROM users") == 0


async def test_a_database_that_calls_itself_production_is_refused(pg18_migrated: str) -> None:
    name = target(pg18_migrated).dbname
    with psycopg.connect(pg18_migrated, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET emr.environment = 'production'")
    with pytest.raises(Refused, match="is production"):
        await fill(target(pg18_migrated))


async def test_a_database_without_the_schema_is_named(pg18_database: str) -> None:
    with pytest.raises(UsageError, match="does not have the tables"):
        await fill(target(pg18_database))


@pytest.mark.usefixtures("half_a_year")
async def test_a_failure_leaves_nothing_behind(pg18_migrated: str) -> None:
    with psycopg.connect(pg18_migrated, autocommit=True) as connection:
        connection.execute("ALTER TABLE handover_items ADD CONSTRAINT none_here CHECK (sort_order < 0)")
    with pytest.raises(StatementFailed):
        await fill(target(pg18_migrated), TINY)
    assert number(pg18_migrated, "SELECT count(*) FROM departments") == 0
    assert number(pg18_migrated, OFFENDERS["triggers left off"]) == 0


@pytest.mark.usefixtures("half_a_year")
async def test_every_level_of_the_schema_can_be_filled_and_lived_in(pg18_migrated: str) -> None:
    """005, 006 which demands that patients exist, and 007 which takes tasks.patient_id away; each beside the last."""
    seen = (
        "SELECT count(*) FROM audit_logs WHERE user_agent ~ 'Ward/5.2|Tablet' AND created_at > now() - interval '1 h'"
    )
    told = f"{seen} AND emr_patient_id IN (SELECT emr_patient_id FROM patients)"
    tasks = 0
    for number_of, to in enumerate((None, "006", "007"), 1):
        if to:
            assert (await go_up(pg18_migrated, default_folder(), to=to)).done == [to]
        report = await fill(target(pg18_migrated), replace(TINY, seed=number_of, into_existing=True))
        tasks += report.counts["tasks"]
        assert number(pg18_migrated, "SELECT count(*) FROM tasks") == tasks
        rng, before = Random(number_of), number(pg18_migrated, seen)
        async with await Session.open(target(pg18_migrated), "test") as session:
            for scene in (scenes.task, scenes.visit):
                await scene(rng, session)
        assert number(pg18_migrated, told) == number(pg18_migrated, seen) > before


@pytest.mark.usefixtures("half_a_year")
async def test_timescale_takes_it_by_insert(migrated_timescale: Timescale) -> None:
    dsn = migrated_timescale.dsn()
    assert number(dsn, "SELECT count(*) FROM timescaledb_information.hypertables") > 0
    report = await fill(target(dsn), TINY)
    assert {table: number(dsn, f"SELECT count(*) FROM {table}") for table in report.counts} == report.counts
    assert number(dsn, "SELECT count(*) FROM audit_logs_daily") > 0
