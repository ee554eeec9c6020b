"""What TimescaleDB adds is seen, and what differs each time is not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from pytest_asyncio import fixture

from console.db.session import Session
from console.migrate.fingerprint.catalogue import fingerprint
from console.migrate.fingerprint.difference import Difference, Fingerprint, difference
from tests.fixtures.timescale import Timescale
from tests.migrate.fingerprint.conftest import undone

pytestmark = pytest.mark.asyncio(loop_scope="module")

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


@dataclass(frozen=True, slots=True)
class Base:
    """The schema of BASE in a database with the extension."""

    session: Session
    """What asks there."""
    before: Fingerprint
    """What it looks like."""

    async def changed(self, statements: str) -> Difference:
        """What statements do to it."""
        for statement in statements.split("; "):
            await self.session.execute(statement)
        return difference(self.before, await fingerprint(self.session))


@fixture(scope="module", loop_scope="module")
async def _made(timescale: Timescale) -> AsyncIterator[Base]:
    """Made once: there is one backend, and little else is as slow there."""
    async with await Session.open(timescale.target(), "test") as session:
        await session.execute("create extension if not exists timescaledb")
        for statement in BASE.strip().split(";")[:-1]:
            await session.execute(statement)
        yield Base(session, await fingerprint(session))


@fixture(loop_scope="module")
async def base(_made: Base) -> AsyncIterator[Base]:
    """In a transaction that is rolled back."""
    async with undone(_made.session):
        yield _made


@pytest.mark.parametrize(("statements", "expected"), CHANGES)
async def test_a_change_is_seen(base: Base, statements: str, expected: str) -> None:
    found = await base.changed(statements)
    names = {"+": found.added, "-": found.removed, "~": found.changed}[expected[0]]
    assert expected[1:] in names


@pytest.mark.parametrize("statements", DATA)
async def test_chunks_and_numbers_are_no_schema(base: Base, statements: str) -> None:
    assert await base.changed(statements) == Difference()


async def test_an_aggregate_made_again_is_the_same(base: Base) -> None:
    again = BASE[BASE.index("create materialized") :].split(";")[:2]
    assert await base.changed("; ".join(["drop materialized view hourly", *again])) == Difference()
