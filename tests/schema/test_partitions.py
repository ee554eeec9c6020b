"""Weekly partitions of the plain flavour: made ahead, DEFAULT empty, the server's lock table respected."""

import asyncio
import re

import psycopg
import pytest

from tests.schema.ladder import AUDIT, Ladder, Part

ROW = """insert into {table} select (jsonb_populate_record(null::{table}, jsonb_build_object(
    'id', gen_random_uuid(), 'created_at', {at}, 'action', 'VIEW', 'entity_type', 'PATIENT',
    'entity_id', gen_random_uuid(), 'user_id', gen_random_uuid(), 'changes', '{{}}'::jsonb,
    'request_id', gen_random_uuid(), 'audit_log_id', gen_random_uuid(), 'audit_log_created_at', {at}))).*"""

LOCKS = """select count(distinct (locktype, database, relation, classid, objid, objsubid)) from pg_locks
    where pid = pg_backend_pid()"""


def write(ladder: Ladder, table: str, at: str) -> None:
    ladder.run(ROW.format(table=table, at=at))


def spare(ladder: Ladder) -> list[int]:
    return [ladder.value(f"select count(*) from {table}_default") for table in AUDIT]


def weeks(ladder: Ladder, table: str = "audit_logs") -> list[str]:
    found = ladder.rows(
        f"select inhrelid::regclass::text from pg_inherits where inhparent = '{table}'::regclass order by 1"
    )
    return [name for (name,) in found if not name.endswith("_default")]


def test_weeks_begin_on_thursday_in_utc(climbed: Ladder) -> None:
    climbed.run("set timezone = 'America/New_York'")
    climbed.run("select audit_ensure_partitions('2024-03-01', '2024-03-31')")  # clocks change within
    for table in AUDIT:
        march = [name[-8:] for name in weeks(climbed, table) if "p2024" in name]
        assert march == ["20240229", "20240307", "20240314", "20240321", "20240328"]
    write(climbed, "audit_logs", "'2024-03-14 00:00:00+00'::timestamptz")
    write(climbed, "audit_logs", "'2024-03-13 23:59:59.999999+00'::timestamptz")
    counts = [climbed.value(f"select count(*) from audit_logs_p202403{day}") for day in ("07", "14")]
    assert counts == [1, 1]


def test_eight_weeks_ahead_after_up(climbed: Ladder) -> None:
    assert len(weeks(climbed)) in (8, 9)
    assert climbed.value("select audit_ensure_partitions(now(), now() + interval '8 weeks')") == 0, "nothing is to do"
    for table in AUDIT:
        write(climbed, table, "now() + interval '55 days'")
    assert spare(climbed) == [0, 0]


def test_rows_in_default_find_their_week(climbed: Ladder) -> None:
    indexes = climbed.rows("select indexname from pg_indexes where tablename = 'audit_logs_default' order by 1")
    for table in AUDIT:
        for days in (-400, -399, 300):
            write(climbed, table, f"now() + interval '{days} days'")
    rows = climbed.content(*AUDIT)
    assert spare(climbed) == [3, 3]
    climbed.run("select audit_ensure_partitions(now(), now())")
    assert spare(climbed) == [0, 0]
    assert climbed.content(*AUDIT) == rows
    assert climbed.rows("select indexname from pg_indexes where tablename = 'audit_logs_default' order by 1") == indexes
    assert climbed.broken("005") == []


@pytest.mark.parametrize(("level", "told"), [("repeatable read", "read committed"), ("read committed", None)])
async def test_a_row_that_is_committed_while_it_waits(climbed: Ladder, level: str, told: str | None) -> None:
    """An older snapshot would miss it, so that its week would come too late: such a transaction is refused."""
    write(climbed, "audit_logs", "now() - interval '400 days'")
    async with await psycopg.AsyncConnection.connect(climbed.dsn, autocommit=True) as maintaining:
        await maintaining.execute(f"set default_transaction_isolation = '{level}'".encode())
        with climbed.connection.transaction():
            write(climbed, "audit_logs", "now() - interval '401 days'")
            moving = asyncio.create_task(maintaining.execute("select audit_ensure_partitions(now(), now())"))
            waiting = "select count(*) from pg_locks where not granted"
            while not (moving.done() or climbed.value(waiting)):  # noqa: ASYNC110 - the server sends no event
                await asyncio.sleep(0.01)
        if told is None:
            await moving
        else:
            with pytest.raises(psycopg.DatabaseError, match=told) as refused:
                await moving
            assert refused.value.sqlstate == "EM001"
    assert climbed.value("select count(*) from audit_logs") == 2
    assert spare(climbed) == [0 if told is None else 2, 0]


def test_rows_leave_default_where_all_tables_are_published_without_identity(climbed: Ladder) -> None:
    climbed.run("alter table audit_logs_default replica identity nothing")
    climbed.run("create publication everything for all tables")
    write(climbed, "audit_logs", "now() - interval '400 days'")
    climbed.run("select audit_ensure_partitions(now(), now())")
    assert spare(climbed) == [0, 0]
    assert climbed.value("select relreplident from pg_class where relname = 'audit_logs_default'") == "n"


def test_history_finds_its_weeks_on_the_way_up(first_four: Ladder) -> None:
    for weeks_ago in (12, 5, 360):
        write(first_four, "audit_logs", f"now() - interval '{weeks_ago} weeks'")
    write(first_four, "audit_log_details", "now() - interval '11 weeks'")
    rows = first_four.content(*AUDIT)
    first_four.up("005")
    assert len(weeks(first_four)) == 4 + 9, "where there is no row, there is no week but those ahead"
    assert spare(first_four) == [0, 0]
    assert first_four.content(*AUDIT) == rows
    first_four.down("005")
    assert first_four.content(*AUDIT) == rows


def test_forged_dates_go_through_default_up_and_down_and_up(first_four: Ladder) -> None:
    """One row of 1970 would have the weeks of fifty years made, and date arithmetic ends in 294276."""
    for table in AUDIT:
        for date in ("1970-01-01", "294276-12-20", "9999-12-31", "4000-01-01 BC"):
            write(first_four, table, f"'{date}'::timestamptz")
    write(first_four, "audit_logs", "now() - interval '3 weeks'")
    rows = first_four.content(*AUDIT)
    for _ in range(2):
        first_four.up("005")
        assert (len(weeks(first_four)), spare(first_four)) == (1 + 9, [4, 4])
        first_four.run("select audit_ensure_partitions(now(), now() + interval '8 weeks')")
        assert (first_four.content(*AUDIT), spare(first_four)) == (rows, [4, 4])
        first_four.down("005")
        assert first_four.content(*AUDIT) == rows


def test_endless_times_are_refused(climbed: Ladder) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        write(climbed, "audit_logs", "'infinity'::timestamptz")
    for between in ("'-infinity', now()", "now(), '294276-12-31'", "'4000-01-01 BC', now()", "now(), null"):
        with pytest.raises(psycopg.errors.InvalidParameterValue):
            climbed.run(f"select audit_ensure_partitions({between})")


def test_too_many_weeks_for_the_lock_table(climbed: Ladder) -> None:
    """Refused before anything is made."""
    before = weeks(climbed)
    with pytest.raises(psycopg.DatabaseError) as refused:
        climbed.run("select audit_ensure_partitions('1990-01-01', now())")
    assert refused.value.sqlstate == "EM003"
    hint = refused.value.diag.message_hint or ""
    wanted = int(re.findall(r"max_locks_per_transaction to (\d+)", hint)[0])
    assert wanted > climbed.value("select current_setting('max_locks_per_transaction')::int")
    assert weeks(climbed) == before


@pytest.mark.parametrize(("part", "per_week"), [("up", 28), ("down", 52)])
def test_a_week_takes_no_more_locks_than_are_asked_for(first_four: Ladder, part: Part, per_week: int) -> None:
    few, many = (locks_taken(first_four, part, weeks) for weeks in (2, 10))
    assert few <= 500 + per_week * (2 + 10)  # eight weeks ahead, this week and DEFAULT
    assert 0 < (many - few) / 8 <= per_week


def locks_taken(ladder: Ladder, part: Part, weeks: int) -> int:
    """How many locks 005, or its rollback, holds at its end when there are so many weeks of history."""
    for week in range(1, weeks + 1):
        write(ladder, "audit_logs", f"now() - interval '{week} weeks'")
    if part == "down":
        ladder.up("005")
    with ladder.connection.transaction(force_rollback=True):
        (ladder.up if part == "up" else ladder.down)("005")
        taken = ladder.value(LOCKS)
    if part == "down":
        ladder.down("005")
    return int(taken)
