"""maintain: weeks ahead, rows out of DEFAULT, old weeks retired, reports refreshed; no row lost, nobody kept long."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from console.db.database import LANES
from console.db.session import Session
from console.errors import ConsoleError, Exit, UsageError
from console.migrate.tries import Try
from console.services.alone import alone
from console.services.maintain import service, steps
from console.services.retention import holding
from console.services.storage_actions import ahead
from tests.migrate.servers import on_both
from tests.migrate.working import ask, one
from tests.services.maintain.working import (
    INSERT,
    TABLES,
    brief,
    forget_weeks,
    gaps,
    make_weeks,
    run,
    spare,
    unguarded,
    write,
)
from tests.targets import target

KEPT = """
select kind, detail ->> 'outcome', detail ? 'seconds', detail ? 'message'
from emr_console.event where kind like 'maintain.%' order by id
"""
LAST_WEEK = """
select max(inhrelid::regclass::text) from pg_inherits
where inhparent = %s::regclass and inhrelid::regclass::text !~ 'default'
"""

OLD = -8 * 366
"""Days: older than any seven years."""

NOTHING = [("partitions", "nothing"), ("retire", "nothing"), ("retire", "nothing")]


@on_both
async def test_everything_that_is_due(migrated: str) -> None:
    make_weeks(migrated, [OLD, OLD - 30])
    for table in TABLES:
        write(migrated, [-400, -30, 70, OLD, OLD - 30], table)
        ask(migrated, f"drop table {one(migrated, LAST_WEEK, table)}")
    assert gaps(migrated) > 0
    results = await run(migrated)
    assert brief(results) == [*[("partitions", "done")] * 2, *[("retire", "done")] * 4]
    assert [result.detail["moved"] for result in results[:2]] == [{}, {"audit_logs": 3, "audit_log_details": 3}]
    assert [result.detail["rows"] for result in results[2:6]] == [1, 1, 1, 1]
    assert (gaps(migrated), spare(migrated), unguarded(migrated)) == (0, [0, 0], [])
    assert [one(migrated, f"select count(*) from {table}") for table in TABLES] == [3, 3]
    assert one(migrated, "select sum(event_count) from audit_logs_hourly") == 3
    again = await run(migrated)
    assert brief(again) == NOTHING
    assert [(result.step, result.outcome) for result in again[3:]] == [("refresh", "done")] * 5
    assert ask(migrated, KEPT) == [(f"maintain.{r.step}", r.outcome, True, True) for r in (*results, *again)]


FAR = ["1970-01-01", "4000-01-01 BC", "9999-12-31", "294276-12-20"]
"""What a forger, or a broken clock, dates rows."""


@on_both
async def test_rows_with_a_forged_date_stay_in_default_for_ever_and_are_told(migrated: str) -> None:
    """With their weeks, retention would drop today's row of 1970 tomorrow, and date arithmetic ends in 294276."""
    for table in TABLES:
        write(migrated, [-400, OLD, 400], table)
        ask(migrated, INSERT[table], FAR)
    looked = (await run(migrated, dry_run=True))[0]
    assert (looked.message, looked.exit) == (
        "weeks to be made 2, rows in DEFAULT 2, rows that stay there 12",
        Exit.FINDINGS,
    )
    first = await run(migrated)
    assert brief(first) == [("partitions", "done"), ("retire", "nothing"), ("retire", "nothing")]
    assert first[0].detail == {"made": 2, "moved": dict.fromkeys(TABLES, 1), "left": 0, "stay": 12}
    again = await run(migrated)
    assert brief(again) == NOTHING
    for result in (first[0], again[0]):
        assert (result.exit, result.detail["stay"]) == (Exit.FINDINGS, 12)
        assert "12 rows stay in DEFAULT: dated over seven years ago, or over a year ahead" in result.message
    assert {result.outcome for result in again[3:]} == {"done"}
    assert (spare(migrated), unguarded(migrated)) == ([6, 6], [])
    assert [one(migrated, f"select count(*) from {table}") for table in TABLES] == [7, 7]


async def test_whoever_has_looked_at_a_forged_date_may_give_it_its_week(pg18_migrated: str) -> None:
    write(pg18_migrated, [OLD, 500])
    make_weeks(pg18_migrated, [500])
    assert spare(pg18_migrated) == [1, 0]
    make_weeks(pg18_migrated, [OLD])
    assert spare(pg18_migrated) == [0, 0]
    results = await run(pg18_migrated)
    assert brief(results) == [("partitions", "nothing"), ("retire", "done"), ("retire", "done")]
    assert not any(result.exit for result in results)


async def test_a_dry_run_only_looks(pg18_migrated: str) -> None:
    write(pg18_migrated, [-400])
    ask(pg18_migrated, "select audit_ensure_partitions(now() - interval '8 years', now() - interval '8 years')")
    ask(pg18_migrated, "select audit_ensure_partitions(now() - interval '8 years', now() - interval '415 weeks')")
    write(pg18_migrated, [-420])
    before = ask(pg18_migrated, "select inhrelid from pg_inherits order by 1")
    results = await run(pg18_migrated, dry_run=True)
    assert {result.outcome for result in results} == {"would"}
    assert results[0].message == "weeks to be made 1, rows in DEFAULT 1"
    assert all(result.sql for result in results)
    assert ask(pg18_migrated, "select inhrelid from pg_inherits order by 1") == before
    assert one(pg18_migrated, "select count(*) from emr_console.event where kind like 'maintain.%'") == 0


async def test_a_held_table_keeps_its_weeks(pg18_migrated: str) -> None:
    make_weeks(pg18_migrated, [OLD])
    for table in TABLES:
        write(pg18_migrated, [OLD], table)
    async with await Session.open(target(pg18_migrated), "act", settings=LANES["act"]) as session:
        await holding.place(session, "audit_logs", "case 17", "a subpoena")
    results = await run(pg18_migrated)
    assert brief(results)[1:] == [("retire", "held"), ("retire", "done")]
    assert '"case 17"' in results[1].message
    assert [one(pg18_migrated, f"select count(*) from {table}") for table in TABLES] == [1, 0]
    assert not any(result.exit for result in results)


async def test_rows_are_not_moved_while_writers_would_wait_for_long(
    pg18_migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(pg18_migrated, [-400 - n / 100 for n in range(100)])
    monkeypatch.setattr(ahead, "ROWS_PER_SECOND", 10.0)
    refused = (await run(pg18_migrated))[0]
    assert (refused.outcome, refused.exit) == ("refused", Exit.REFUSED)
    assert "keep writers out for about 10 s" in refused.message
    assert "--accept-stall 11" in refused.message, "the making of their weeks takes time, too"
    assert spare(pg18_migrated) == [100, 0]
    forget_weeks(pg18_migrated)
    first = (await run(pg18_migrated))[:2]
    assert brief(first) == [("partitions", "done"), ("partitions", "refused")], "weeks ahead need nobody to wait"
    assert first[0].detail == {"made": 6, "moved": {}, "left": 100, "stay": 0}
    assert "6 partitions made; 100 rows wait in DEFAULT." in first[0].message
    assert (gaps(pg18_migrated), spare(pg18_migrated)) == (0, [100, 0])
    assert (await run(pg18_migrated, accept_stall=11.0))[0].outcome == "done"
    assert spare(pg18_migrated) == [0, 0]


async def test_a_week_for_which_a_row_waits_is_left_to_those_that_move_it(pg18_migrated: str) -> None:
    forget_weeks(pg18_migrated)
    write(pg18_migrated, [53])
    ask(pg18_migrated, "select audit_ensure_partitions(now(), now() + interval '8 weeks', false)")
    assert (gaps(pg18_migrated) > 0, spare(pg18_migrated)) == (True, [1, 0])
    assert (await run(pg18_migrated))[0].detail == {
        "made": 1, "moved": {"audit_logs": 1, "audit_log_details": 0}, "left": 0, "stay": 0,
    }  # fmt: skip
    assert (gaps(pg18_migrated), spare(pg18_migrated)) == (0, [0, 0])


async def test_only_one_at_a_time(pg18_migrated: str) -> None:
    async with (
        await Session.open(target(pg18_migrated), service.MAINTAINING.lane) as first,
        alone(first, service.MAINTAINING),
    ):
        with pytest.raises(ConsoleError, match=rf"is maintaining this database here \(session {first.pid}") as caught:
            await run(pg18_migrated)
    assert caught.value.exit is Exit.LOCKED


async def test_who_is_in_the_way_is_named_and_the_other_steps_go_on(
    pg18_migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(pg18_migrated, [-400])
    monkeypatch.setattr(steps, "tries", lambda: iter([Try(50, 0.0), Try(400, 0.0)]))
    with psycopg.connect(pg18_migrated, application_name="a long report") as reader:
        reader.execute("select count(*) from audit_logs")
        pid, results = reader.info.backend_pid, await run(pg18_migrated)
    assert brief(results) == [("partitions", "failed"), ("retire", "nothing"), ("retire", "nothing")]
    assert f"in the way: session {pid} (postgres a long report" in results[0].message
    assert results[0].exit == Exit.LOCK_BUDGET
    assert {result.outcome for result in results[3:]} == {"done"}
    assert spare(pg18_migrated) == [1, 0]


async def test_a_row_that_is_committed_while_it_waits_is_moved_too(migrated: str) -> None:
    """Also where somebody has made repeatable read the rule, under which it would not be seen, and then be lost."""
    ask(migrated, f"alter database {one(migrated, 'select current_database()')} "
                  "set default_transaction_isolation = 'repeatable read'")  # fmt: skip
    write(migrated, [-400])
    with psycopg.connect(migrated) as writer:
        writer.execute(INSERT["audit_logs"].encode(), ([datetime.now(UTC) - timedelta(days=401)],))
        moving = asyncio.create_task(run(migrated))
        waiting = "select count(*) from pg_locks where not granted and locktype = 'relation'"
        while not one(migrated, waiting):  # noqa: ASYNC110 - the server sends no event
            await asyncio.sleep(0.01)
        writer.commit()
    assert (await moving)[0].detail["moved"] == {"audit_logs": 2, "audit_log_details": 0}
    assert one(migrated, "select count(*) from audit_logs") == 2
    assert spare(migrated) == [0, 0]


async def test_a_report_that_was_never_filled(pg18_migrated: str) -> None:
    ask(pg18_migrated, "refresh materialized view audit_logs_daily with no data")
    results = await run(pg18_migrated)
    (daily,) = [result for result in results if result.target == "public.audit_logs_daily"]
    assert (daily.outcome, "concurrently" in daily.sql) == ("done", False)


async def test_a_database_without_audit_tables(pg18_database: str) -> None:
    with pytest.raises(UsageError, match="nothing to maintain"):
        await run(pg18_database)


async def test_before_005_only_the_reports(pg18_database: str) -> None:
    ask(pg18_database, "create table audit_logs ()")
    ask(pg18_database, "create materialized view compliance_audit_summary as select 1 as id")
    results = await run(pg18_database)
    assert [(result.step, result.outcome) for result in results] == [("refresh", "done")]
    assert json.loads(json.dumps(results[0].as_json()))["sql"].startswith('refresh materialized view "public"')
