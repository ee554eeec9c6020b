"""A server with a small lock table: a rollback that would overflow it is refused before it begins."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from console.demo.server import Cluster
from console.errors import Exit, OutOfSpace
from console.migrate.lock import KEY
from tests.fixtures.databases import fresh
from tests.fixtures.running import private_folder, running
from tests.migrate.emergency.rolling import roll_back
from tests.migrate.working import ask, go_up, one, states, write

SETTINGS = {"max_locks_per_transaction": "10", "max_connections": "20", "max_prepared_transactions": "0"}


@pytest.fixture
def tight(pg18: Cluster) -> Iterator[Cluster]:
    """A server whose lock table has room for two hundred."""
    with private_folder() as folder, running(pg18.bindir, folder, SETTINGS) as cluster:
        yield cluster


def wards(count: int) -> str:
    """So many tables with an index each."""
    return ";".join(f"create table ward_{n} (id int primary key)" for n in range(count))


async def test_what_would_overflow_is_refused_before_it_begins(tight: Cluster, tmp_path: Path) -> None:
    folder, parent = tmp_path / "migrations", tmp_path / "backups"
    folder.mkdir()
    parent.mkdir(mode=0o700)
    write(folder, "001_wards", up=wards(20), down=";".join(f"drop table ward_{n}" for n in range(20)))
    with fresh(tight) as dsn, ExitStack() as others:
        await go_up(dsn, folder)
        for _ in range(3):  # in a database of their own, as far as the lock is concerned
            other = others.enter_context(psycopg.connect(tight.dsn("postgres"), autocommit=True))
            other.execute("select pg_advisory_lock_shared(%(space)s, %(key)s)", KEY)
        with pytest.raises(OutOfSpace, match=r"3 more run on this server\. The server has room for 200") as refused:
            await roll_back(dsn, folder, parent)
        assert refused.value.exit == Exit.OUT_OF_SPACE
        assert "max_locks_per_transaction to 1" in refused.value.hint
        assert list(parent.iterdir()) == []
        assert one(dsn, "select count(*) from emr_console.run where kind = 'emergency'") == 0
        others.close()
        assert (await roll_back(dsn, folder, parent)).done == ["001"]
        write(folder, "001_wards", up="select 1", down="select 1")
        for n in range(4):
            ask(dsn, ";".join(f"create table bed_{n}_{m} (id int primary key)" for m in range(25)))
        await go_up(dsn, folder)
        with pytest.raises(OutOfSpace, match="The server has room for 200"):
            await roll_back(dsn, folder, parent)
        assert await states(dsn, folder) == {"001": "applied_unverified"}
