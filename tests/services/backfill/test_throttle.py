"""A backfill goes no faster than its standbys follow."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from pytest_asyncio import fixture

from console.demo.server import Cluster
from console.errors import NoPrivilege
from tests.db.standby import Standby, following
from tests.fixtures.running import private_folder
from tests.services.backfill.working import Ear, fill, furnish


@pytest.fixture
def ward(pg18_migrated: str) -> str:
    with psycopg.connect(pg18_migrated, autocommit=True) as connection:
        furnish(connection, tasks=24)
    return pg18_migrated


@fixture(scope="module", loop_scope="module")
async def standby(pg18: Cluster) -> AsyncIterator[Standby]:
    with private_folder() as folder:
        async with following(pg18, folder) as found:
            yield found


def tell(standby: Standby, statement: str) -> None:
    with psycopg.connect(standby.dsn("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


async def test_it_waits_for_a_standby(ward: str, standby: Standby) -> None:
    tell(standby, "select pg_wal_replay_pause()")
    ear = Ear(lambda: tell(standby, "select pg_wal_replay_resume()"))
    counts = await fill(ward, ear, batch=2, rate=20.0, max_lag=0.2)
    assert ear.notes
    assert "behind; waiting for it." in ear.notes[0]
    assert (counts.matched, counts.remaining) == (24, 0)


async def test_a_lag_that_is_hidden(ward: str, standby: Standby) -> None:
    with psycopg.connect(ward, autocommit=True) as connection:
        name = f"visitor_{connection.info.dbname}"
        connection.execute(f"create role {name} login password 'geheim' bypassrls".encode())
        connection.execute(f"grant select, insert, update on all tables in schema public to {name}".encode())
        try:
            ear = Ear()
            place = f"{ward} user={name} password=geheim"
            with pytest.raises(NoPrivilege, match="--max-lag cannot be kept"):
                await fill(place, max_lag=5.0)
            assert (await fill(place, ear)).matched == 24
            assert ear.notes == [f"The lag of the standbys is hidden from {name}, so it holds nothing back."]
        finally:
            connection.execute(f"drop owned by {name}".encode())
            connection.execute(f"drop role {name}".encode())
