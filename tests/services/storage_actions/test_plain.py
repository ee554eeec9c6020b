"""Changes of partitions and materialized views, with locks that are in the way, on PostgreSQL 18."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from console.db.database import Database
from console.db.session import Session
from console.errors import LockTimeout, Refused, TimedOut
from console.panes.storage.service import weeks_ahead
from console.services.retention import holding
from console.services.storage.chunks import Chunk, look, read_chunks
from console.services.storage.models import Divided, Part
from console.services.storage_actions import ahead, chunks, partitions, views
from console.services.storage_actions.performing import perform
from console.services.storage_actions.plan import Done, Plan, Said
from console.units import bytes_text
from tests.migrate.working import ask, one
from tests.services.maintain.working import forget_weeks, gaps, spare, write
from tests.targets import target

WHY = "a test"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
VISITS = """
create schema "Ward 7";
create table "Ward 7".visits (day date not null) partition by range (day);
create table "Ward 7"."v'25" partition of "Ward 7".visits for values from ('2025-01-01') to ('2026-01-01');
create table "Ward 7".v26 partition of "Ward 7".visits for values from ('2026-01-01') to (maxvalue);
create table "Ward 7".rest partition of "Ward 7".visits default;
create index on "Ward 7".visits (day);
insert into "Ward 7".visits select date '2025-01-01' + n from generate_series(0, 499) n
"""


@pytest.fixture
async def db(pg18_migrated: str) -> AsyncIterator[Database]:
    ask(pg18_migrated, VISITS)
    async with Database(target(pg18_migrated)) as opened:
        yield opened


async def carry_out(db: Database, plan: Plan) -> Done:
    async with db.act() as session:
        return await perform(session, plan, WHY)


async def parts(db: Database, name: str) -> tuple[Divided, list[Part], datetime]:
    async with db.act() as session:
        (table,) = [each for each in await partitions.tables(session) if each.table_name == name]
        return table, await partitions.read(session, table), await partitions.clock(session)


async def dropping(db: Database, name: str, place: int) -> Plan:
    """What it takes to drop one partition, counted from the oldest."""
    table, found, now = await parts(db, name)
    async with db.act() as session:
        return partitions.drop(table, found[place], now=now, rows=await partitions.count(session, found[place]))


async def test_no_row_goes_that_came_after_they_were_counted(db: Database, pg18_migrated: str) -> None:
    """Also where it is committed only while the partition waits to be dropped, and repeatable read is the rule."""
    ask(pg18_migrated, f"alter database {one(pg18_migrated, 'select current_database()')} "
                       "set default_transaction_isolation = 'repeatable read'")  # fmt: skip
    agreed = await dropping(db, "visits", 0)
    late = """insert into "Ward 7".visits values ('2025-02-02')"""
    with psycopg.connect(pg18_migrated) as writer:
        writer.execute(late)
        going = asyncio.create_task(carry_out(db, agreed))
        waiting = "select count(*) from pg_locks where not granted and locktype = 'relation'"
        while not one(pg18_migrated, waiting):  # noqa: ASYNC110 - the server sends no event
            await asyncio.sleep(0.01)
        writer.commit()
    with pytest.raises(Refused, match="has 366 rows now, and 365 when it was looked at"):
        await going
    assert one(pg18_migrated, """select count(*) from "Ward 7".visits""") == 501
    await carry_out(db, await dropping(db, "visits", 0))
    assert one(pg18_migrated, """select count(*) from "Ward 7".visits""") == 135


async def test_a_partition_is_dropped_with_its_rows(db: Database, pg18_migrated: str) -> None:
    plan = await dropping(db, "visits", 0)
    assert plan.sql == (
        """alter table "Ward 7"."visits"\n    detach partition "Ward 7"."v'25";\ndrop table "Ward 7"."v'25";"""
    )
    assert (plan.typed, dict(plan.facts)["rows"]) == ("v'25", "365")
    done = await carry_out(db, plan)
    assert done.said.sentence == "v'25 is dropped, with 365 rows."
    assert one(pg18_migrated, 'select count(*) from "Ward 7".visits') == 135
    with pytest.raises(Refused, match="is not the partition any more"):
        await carry_out(db, plan)
    kept = "select detail ->> 'outcome', detail ->> 'target' from emr_console.event where kind = %s order by id"
    assert ask(pg18_migrated, kept, "partition.drop") == [("done", "Ward 7.visits"), ("refused", "Ward 7.visits")]


async def test_what_must_not_be_dropped(db: Database, pg18_migrated: str) -> None:
    with pytest.raises(Refused, match="DEFAULT partition"):
        await dropping(db, "visits", 2)
    with pytest.raises(Refused, match="kept for six years"):
        await dropping(db, "audit_logs", 0)
    plan = await dropping(db, "visits", 0)
    async with db.act() as session:
        await holding.place(session, '"Ward 7".visits', "case 17", WHY)
    with pytest.raises(Refused, match='under legal hold: "case 17"'):
        await carry_out(db, plan)
    assert one(pg18_migrated, 'select count(*) from "Ward 7".visits') == 500


async def test_who_has_the_lock_is_named(db: Database, pg18_migrated: str) -> None:
    plan = await dropping(db, "visits", 0)
    quick = replace(plan, schedule=[replace(each, lock_timeout=50) for each in plan.schedule])
    with psycopg.connect(pg18_migrated, application_name="a long report") as reader:
        reader.execute('select count(*) from "Ward 7".visits')
        with pytest.raises(LockTimeout, match=rf"in the way: session {reader.info.backend_pid} \(postgres a long"):
            await carry_out(db, quick)
        assert reader.execute('select count(*) from "Ward 7".visits').fetchone() == (500,)
    await carry_out(db, quick)


async def test_what_is_in_a_transaction_ends_with_the_console_and_what_commits_as_it_goes_does_not(
    db: Database,
) -> None:
    async def verify(session: Session) -> Said:
        _, ((interval,),) = await session.rows("show client_connection_check_interval")
        return Said(interval)

    table, found, _ = await parts(db, "visits")
    for plan, told in (
        (partitions.drop(table, found[0], now=NOW, rows=365), "1s"),
        (chunks.reindex(table, Chunk(found[0], "uncompressed")), "0"),
    ):
        done = await carry_out(db, replace(plan, statements=("select 1",), verify=verify))
        assert done.said.sentence == told


@pytest.mark.parametrize(("answered", "came_to"), [("begin", "stopped"), ("commit", "done")])
async def test_whoever_gives_up_while_that_is_answered_finds_the_truth_written_down(
    answered: str, came_to: str, db: Database, pg18_migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute = Session.execute

    async def given_up(session: Session, statement: str, /, **params: object) -> int:
        if statement == answered:
            asyncio.get_running_loop().call_soon(running.cancel)
        return await execute(session, statement, **params)

    monkeypatch.setattr(Session, "execute", given_up)
    running = asyncio.create_task(carry_out(db, await dropping(db, "visits", 0)))
    with pytest.raises(asyncio.CancelledError):
        await running
    gone = """select to_regclass('"Ward 7"."v''25"') is null"""
    assert one(pg18_migrated, gone) is (came_to == "done")
    kept = "select detail ->> 'outcome' from emr_console.event where kind = 'partition.drop'"
    assert ask(pg18_migrated, kept) == [(came_to,)]


async def test_weeks_ahead_and_rows_out_of_default(db: Database, pg18_migrated: str) -> None:
    write(pg18_migrated, [-400, 100])
    _, _, now = await parts(db, "audit_logs")
    async with db.act() as session:
        plan = ahead.plan(await ahead.look(session, now))
    assert dict(plan.facts) == {"weeks to be made": "2", "rows in DEFAULT": "2"}
    done = await carry_out(db, plan)
    assert done.said.sentence == "2 partitions made, 2 rows moved out of DEFAULT."
    assert (gaps(pg18_migrated), spare(pg18_migrated)) == (0, [0, 0])


async def test_weeks_are_offered_by_themselves_where_moving_rows_would_keep_writers_out(
    db: Database, pg18_migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(pg18_migrated, [-400, 100])
    monkeypatch.setattr(ahead, "ROWS_PER_SECOND", 0.1)
    with pytest.raises(Refused, match="keep writers out for about 20 s"):
        await weeks_ahead(db)
    forget_weeks(pg18_migrated)
    plan = await weeks_ahead(db)
    assert dict(plan.facts) == {"weeks to be made": "6", "rows that wait in DEFAULT": "2"}
    assert (await carry_out(db, plan)).said.sentence == "6 partitions made; 2 rows wait in DEFAULT."
    assert (gaps(pg18_migrated), spare(pg18_migrated)) == (0, [2, 0])


async def test_a_view_is_refreshed_beside_its_readers(db: Database, pg18_migrated: str) -> None:
    write(pg18_migrated, [-1])
    async with db.act() as session:
        (hourly,) = [each for each in await views.reports(session) if each.view_name == "audit_logs_hourly"]
    with psycopg.connect(pg18_migrated) as reader:
        assert reader.execute("select count(*) from audit_logs_hourly").fetchone() == (0,)
        done = await carry_out(db, views.refresh(hourly))
    assert done.kept.sentence == "It is recorded in emr_console.event."
    assert one(pg18_migrated, "select count(*) from audit_logs_hourly") == 1


async def test_indexes_are_built_anew_and_what_is_left_of_a_stopped_build_is_told(
    db: Database, pg18_migrated: str
) -> None:
    ask(pg18_migrated, 'vacuum analyze "Ward 7".visits')
    table, _, _ = await parts(db, "visits")
    listed = (await read_chunks(db, table, await look(db, table))).chunks[0]
    plan = chunks.reindex(table, listed)
    assert listed.beside is not None
    assert listed.beside.index_bytes > 0
    assert dict(plan.facts)["size"] == f"about {bytes_text(listed.bytes)}"  # indexes among it, as in the list
    before = ask(pg18_migrated, "select oid from pg_class where relname = 'v''25_day_idx'")
    with psycopg.connect(pg18_migrated) as writer:
        writer.execute('lock table "Ward 7".visits in row exclusive mode')
        with pytest.raises(TimedOut) as caught:
            await carry_out(db, replace(plan, patience=300))
    assert """DROP INDEX CONCURRENTLY "Ward 7"."v'25_day_idx_ccnew".""" in caught.value.state
    ask(pg18_migrated, """drop index "Ward 7"."v'25_day_idx_ccnew" """)
    await carry_out(db, plan)
    assert ask(pg18_migrated, "select oid from pg_class where relname = 'v''25_day_idx'") != before
    assert one(pg18_migrated, "select count(*) from pg_index where not indisvalid") == 0
