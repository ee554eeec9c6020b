"""Changes of hypertables and continuous aggregates on a real TimescaleDB, which is one session for everybody."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from console.db.database import Database
from console.errors import Exit, Refused, StatementFailed, UsageError
from console.migrate import ledger
from console.migrate.fingerprint.difference import Difference
from console.migrate.fingerprint.snapshot import record_snapshot, schema_drift
from console.services.capabilities import Capabilities, capabilities
from console.services.retention import holding
from console.services.storage.aggregate_models import Continuous
from console.services.storage.aggregates import read_aggregates
from console.services.storage.chunks import Chunk, read_chunks
from console.services.storage.models import Divided
from console.services.storage.tables import named, read_tables
from console.services.storage_actions import chunks, dropping, policies, refreshing
from console.services.storage_actions.models import Span
from console.services.storage_actions.performing import perform
from console.services.storage_actions.plan import Done, Plan
from console.services.storage_actions.refresh_policy import refresh_every
from tests.fixtures.timescale import Timescale

WHY = "a test"
READINGS = """
create table "odd schema"."readings" (at timestamptz not null, "ward's" int not null);
select create_hypertable('"odd schema".readings', 'at', chunk_time_interval => interval '7 days');
alter table "odd schema".readings set (timescaledb.compress, timescaledb.compress_orderby = 'at');
insert into "odd schema".readings
select timestamptz '2025-01-02 00:00+00' + w * interval '7 days' + h * interval '1 hour', h
from generate_series(0, 59) w, generate_series(0, 99) h;
create materialized view "odd schema".daily with (timescaledb.continuous) as
select time_bucket('1 day', at) as day, count(*) as n from "odd schema".readings group by 1 with no data;
call refresh_continuous_aggregate('"odd schema".daily', null, null)
"""
"""Sixty weekly chunks of a hundred rows."""

AUDIT = """
insert into audit_logs (action, entity_type, entity_id, user_id, changes, request_id, created_at)
select 'TEST', 'TEST', gen_random_uuid(), gen_random_uuid(), '{}', gen_random_uuid(), now() - w * interval '7 days'
from generate_series(0, 9) w
"""


POLICIES = """
select config ->> 'drop_after', config ->> 'compress_after' from timescaledb_information.jobs
where hypertable_name = 'readings' order by proc_name
"""
RUN = """
insert into emr_console.run (id, kind, operator, host, client_pid, backend_pid, tool_version)
values (gen_random_uuid(), 'up', 'ana', 'vm', 1, 1, '1') returning id::text
"""
DAILY = 'select day, n from "odd schema".daily order by 1'
SCHEDULED = """
select scheduled from timescaledb_information.jobs
where proc_name = 'policy_retention' and hypertable_name = 'audit_logs'
"""


@pytest.fixture(scope="module")
def hospital(migrated_timescale: Timescale) -> Timescale:
    """001-005 with a few weeks of audit rows, and a table of no interest to any auditor."""
    with psycopg.connect(migrated_timescale.dsn(), autocommit=True, prepare_threshold=None) as connection:
        connection.execute("set client_min_messages = warning")
        connection.execute(AUDIT)
        connection.execute('create schema "odd schema"')
        for statement in READINGS.split(";"):
            connection.execute(statement.encode())
    return migrated_timescale


@pytest.fixture
async def db(hospital: Timescale, home: object) -> AsyncIterator[Database]:
    async with Database(hospital.target()) as opened:
        async with opened.act() as session:
            await ledger.ready(session)
        yield opened


async def ask(db: Database, statement: str) -> list[tuple[Any, ...]]:
    """Ask by itself; a second connection would break this one."""
    async with db.act() as session:
        return (await session.rows(statement))[1]


async def value(db: Database, statement: str) -> Any:
    ((found,),) = await ask(db, statement)
    return found


async def carry_out(db: Database, plan: Plan) -> Done:
    async with db.act() as session:
        return await perform(session, plan, WHY)


Looked = tuple[Capabilities, Divided, list[Chunk]]
"""A table, with what its server can do."""


async def table(db: Database, name: str) -> Looked:
    able, found = await capabilities(db), named((await read_tables(db)).tables, name).divided
    return able, found, list((await read_chunks(db, found)).chunks)


async def aggregate(db: Database, name: str) -> Continuous:
    found = {each.name: each.continuous for each in (await read_aggregates(db)).aggregates}[name]
    assert found is not None
    return found


async def span(db: Database, typed: str) -> Span:
    async with db.act() as session:
        return await policies.span(session, typed)


async def going(db: Database, looked: Looked, before: datetime) -> Plan:
    able, found, parts = looked
    async with db.act() as session, session.transaction(read_only=True):
        sight = await dropping.look(session, found, [part.part for part in parts], before)
    return dropping.drop(able, found, sight)


async def test_chunks_are_compressed_given_back_and_dropped(db: Database) -> None:
    able, readings, parts = await table(db, "readings")
    assert len(parts) == 60
    async with db.act() as session:
        for each in parts[:40]:
            done = await perform(session, chunks.compress(able, readings, each), WHY)
            assert done.said.detail["compressed"] is True
    assert "became" in done.said.sentence
    done = await carry_out(db, chunks.decompress(able, readings, parts[7]))
    assert done.said.sentence == "It is not compressed."
    await ask(db, f"insert into \"odd schema\".readings values ('{parts[8].start}', 1)")
    await carry_out(db, chunks.recompress(able, readings, parts[8]))
    looked = await table(db, "readings")
    states = [each.state for each in looked[2]]
    assert states == ["compressed"] * 7 + ["uncompressed"] + ["compressed"] * 32 + ["uncompressed"] * 20

    end = parts[4].end
    assert isinstance(end, datetime)
    plan = await going(db, looked, end)
    assert dict(plan.facts)["rows"] == "500"
    assert plan.typed == "readings"
    assert (await carry_out(db, plan)).said.detail["rows"] == 500
    assert await value(db, 'select count(*) from "odd schema".readings') == 5_501
    looked = await table(db, "readings")
    assert len(looked[2]) == 55
    with pytest.raises(Refused, match="no chunk that is wholly older"):
        await going(db, looked, end)
    kept = await ask(db, "select kind, detail ->> 'outcome', count(*) from emr_console.event group by 1, 2 order by 1")
    assert kept == [
        ("applied", None, 5), ("chunk.compress", "done", 40), ("chunk.decompress", "done", 1),
        ("chunk.drop", "done", 1), ("chunk.recompress", "done", 1),
    ]  # fmt: skip


async def test_what_was_shown_is_what_goes(db: Database) -> None:
    """A chunk that came meanwhile was not agreed to."""
    looked = await table(db, "readings")
    end = looked[2][0].end
    assert isinstance(end, datetime)
    plan = await going(db, looked, end)
    await ask(db, "insert into \"odd schema\".readings values ('2020-01-01', 1)")
    with pytest.raises(Refused, match="not those any more that were shown") as caught:
        await carry_out(db, plan)
    assert caught.value.exit is Exit.PLAN_OUTDATED
    assert len((await table(db, "readings"))[2]) == len(looked[2]) + 1


async def test_a_hold_that_is_placed_after_the_question(db: Database) -> None:
    looked = await table(db, "readings")
    end = looked[2][1].end
    assert isinstance(end, datetime)
    plan = await going(db, looked, end)
    async with db.act() as session:
        await holding.place(session, '"odd schema".readings', "case 17", WHY)
    with pytest.raises(Refused, match='under legal hold: "case 17"'):
        await carry_out(db, plan)
    async with db.act() as session:
        await holding.release(session, '"odd schema".readings', None, WHY)
    assert len((await table(db, "readings"))[2]) == len(looked[2])


async def test_the_floor_refuses_young_audit_rows(db: Database) -> None:
    able, found, parts = looked = await table(db, "audit_logs")
    end = parts[4].end
    assert isinstance(end, datetime)
    with pytest.raises(Refused, match=r"kept for six years \(2,192 days\) at least"):
        await going(db, looked, end)
    async with db.act() as session:
        owned = await policies.owner(session, found)
    with pytest.raises(Refused, match="at least; this is 2,191 days"):
        policies.retain(able, found, await span(db, "2191 days"), owned, [])


async def test_a_range_is_refreshed_where_raw_rows_are(db: Database) -> None:
    """What the aggregate holds of dropped weeks stays; TimescaleDB itself would take it away."""
    able, daily = await capabilities(db), await aggregate(db, "daily")
    async with db.act() as session:
        there = await refreshing.raw(session, daily, None)
    assert len(there) == 2  # a row that came late, and the weeks that were not dropped
    first, last = there[1]
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    changed = last - timedelta(days=3)
    await ask(db, f"insert into \"odd schema\".readings values ('{changed}', 1), ('{first - timedelta(weeks=9)}', 1)")
    before = await ask(db, DAILY)
    plan = refreshing.refresh(able, daily, (first - timedelta(weeks=300), None), there)
    assert plan.by_itself
    assert len(plan.statements) == 2
    assert "keeps what it holds" in dict(plan.facts)["cut"]
    await carry_out(db, plan)
    after = dict(await ask(db, DAILY))
    assert [day for day, n in before if after.get(day, 0) < n] == []
    assert after[changed.replace(hour=0)] == dict(before)[changed.replace(hour=0)] + 1
    with pytest.raises(Refused, match="refreshing it would erase"):
        refreshing.refresh(able, daily, (first - timedelta(weeks=5), first), there)


async def test_policies_are_set_and_looked_at(db: Database) -> None:
    able, readings, _ = await table(db, "readings")
    daily = await aggregate(db, "daily")
    run = UUID(str(await value(db, RUN)))
    async with db.act() as session:
        owned = await policies.owner(session, readings)
        assert await record_snapshot(session, run) is None
    for typed in ("90 days", "30 days"):
        done = await carry_out(db, policies.compress(able, readings, await span(db, typed), owned))
        assert done.said.detail["after"] == typed
    done = await carry_out(db, policies.retain(able, readings, await span(db, "30 days"), owned, [daily]))
    assert done.said.detail["after"] == "30 days"
    assert await ask(db, POLICIES) == [(None, "30 days"), ("30 days", None)]

    every, end = await span(db, "1 hour"), await span(db, "1 day")
    drop = next(table.drop for table in (await read_tables(db)).tables if table.label.endswith("readings"))
    with pytest.raises(Refused, match="reach back as far as raw rows are dropped"):
        refresh_every(able, daily, start=await span(db, "60 days"), end=end, every=every, drop=drop)
    await carry_out(db, refresh_every(able, daily, start=await span(db, "20 days"), end=end, every=every, drop=drop))
    with pytest.raises(Refused, match="would lose what it holds"):
        policies.retain(able, readings, await span(db, "15 days"), owned, [await aggregate(db, "daily")])
    await carry_out(db, policies.retain(able, readings, None, owned, []))
    assert await ask(db, POLICIES) == [(None, "30 days")]
    with pytest.raises(UsageError, match="no span of time"):
        await span(db, "'; drop")
    async with db.act() as session:
        assert (await schema_drift(session)).difference == Difference()


async def test_a_hold_pauses_the_policy_until_the_last_one_is_released(db: Database) -> None:
    able, found, _ = await table(db, "audit_logs")
    async with db.act() as session:
        placed = await holding.place(session, "audit_logs", "case 17", WHY)
        second = await holding.place(session, "audit_logs", "case 18", WHY)
        assert (await schema_drift(session)).difference == Difference()  # from what the policies' test has recorded
        owned = await policies.owner(session, found)
    assert (len(placed.jobs), second.jobs, await value(db, SCHEDULED)) == (1, [], False)
    with pytest.raises(Refused, match="under legal hold"):
        await carry_out(db, policies.retain(able, found, await span(db, "8 years"), owned, []))
    async with db.act() as session:
        assert (await holding.release(session, "audit_logs", "case 17", WHY)).jobs == []
    assert await value(db, SCHEDULED) is False
    async with db.act() as session:
        assert (await holding.release(session, "audit_logs", None, WHY)).jobs == placed.jobs
        assert (await schema_drift(session)).difference == Difference()
    assert await value(db, SCHEDULED) is True


async def test_an_owner_who_cannot_sign_in(db: Database) -> None:
    """TimescaleDB makes no policy for one; the table is his again afterwards."""
    able, found, _ = await table(db, "audit_logs")
    await ask(db, "create role ward_owner nologin; alter table audit_logs owner to ward_owner; select 1")
    async with db.act() as session:
        owned = await policies.owner(session, found)
    await carry_out(db, policies.retain(able, found, await span(db, "8 years"), owned, []))
    assert (
        await value(db, "select relowner::regrole::text from pg_class where oid = 'audit_logs'::regclass")
        == "ward_owner"
    )
    assert await value(db, "select config ->> 'drop_after' from timescaledb_information.jobs where proc_name = "
                           "'policy_retention' and hypertable_name = 'audit_logs'") == "8 years"  # fmt: skip


async def test_a_rebuild_that_fails_says_what_it_left(db: Database) -> None:
    """One session cannot build indexes beside itself, nor take such ones away, so this is the last test of its module;
    what REINDEX does where it works is shown on partitions."""
    _, readings, parts = await table(db, "readings")
    part = parts[-1].part
    with pytest.raises(StatementFailed) as caught:
        await carry_out(db, chunks.reindex(readings, parts[-1]))
    assert f"DROP INDEX CONCURRENTLY _timescaledb_internal.{part.chunk_name}_" in caught.value.state
