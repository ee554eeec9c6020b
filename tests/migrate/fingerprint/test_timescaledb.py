"""What TimescaleDB adds is seen, and what differs each time is not."""

from collections.abc import AsyncIterator

import pytest

from console.db.session import Session
from console.migrate.fingerprint.catalogue import fingerprint
from console.migrate.fingerprint.difference import Difference, difference
from tests.fixtures.timescale import Timescale

BASE = """
create table logs (id int, at timestamptz not null, action text);
select create_hypertable('logs', by_range('at', interval '7 days'));
alter table logs set (timescaledb.compress, timescaledb.compress_orderby = 'at desc');
select add_compression_policy('logs', interval '90 days');
create materialized view hourly with (timescaledb.continuous) as
    select time_bucket('1 hour', at) as hour, action, count(*) as n from logs group by 1, 2 with no data;
select add_continuous_aggregate_policy('hourly', interval '3 days', interval '1 hour', interval '1 hour');
"""

CHANGES = [
    ("select set_chunk_time_interval('logs', interval '1 day')", "~hypertable public.logs"),
    ("select add_retention_policy('logs', interval '7 years')",
     "+job _timescaledb_functions.policy_retention on public.logs"),
    ("select remove_compression_policy('logs')", "-job _timescaledb_functions.policy_compression on public.logs"),
    ("select alter_job(job_id, scheduled => false) from timescaledb_information.jobs where job_id >= 1000",
     "~job _timescaledb_functions.policy_compression on public.logs"),
    ("alter materialized view hourly set (timescaledb.materialized_only = false)",
     "~continuous aggregate public.hourly"),
    ("create table more (at timestamptz not null); select create_hypertable('more', by_range('at'))",
     "+hypertable public.more"),
]  # fmt: skip

DATA = [
    "insert into logs select n, '2026-01-01'::timestamptz + n * interval '1 day', 'VIEW' from generate_series(1, 30) n",
    "select remove_compression_policy('logs'); select add_compression_policy('logs', interval '90 days')",
]


@pytest.fixture
async def session(timescale: Timescale) -> AsyncIterator[Session]:
    """A session in a transaction that is rolled back; the extension stays."""
    async with await Session.open(timescale.target(), "test") as opened:
        await opened.execute("create extension if not exists timescaledb")
        await opened.execute("begin")
        yield opened
        await opened.execute("rollback")


async def change(session: Session, statements: str) -> Difference:
    """What statements do to the schema of BASE."""
    for statement in BASE.strip().split(";")[:-1]:
        await session.execute(statement)
    before = await fingerprint(session)
    for statement in statements.split("; "):
        await session.execute(statement)
    return difference(before, await fingerprint(session))


@pytest.mark.parametrize(("statements", "expected"), CHANGES)
async def test_a_change_is_seen(session: Session, statements: str, expected: str) -> None:
    found = await change(session, statements)
    names = {"+": found.added, "-": found.removed, "~": found.changed}[expected[0]]
    assert expected[1:] in names


@pytest.mark.parametrize("statements", DATA)
async def test_chunks_and_numbers_are_no_schema(session: Session, statements: str) -> None:
    assert await change(session, statements) == Difference()


async def test_an_aggregate_made_again_is_the_same(session: Session) -> None:
    first = await change(session, "select 1")
    assert first == Difference()
    before = await fingerprint(session)
    await session.execute("drop materialized view hourly")
    again = BASE[BASE.index("create materialized") :].split(";")[:2]
    for statement in again:
        await session.execute(statement)
    assert difference(before, await fingerprint(session)) == Difference()
