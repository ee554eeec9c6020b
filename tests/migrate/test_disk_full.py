"""A disk that is full in the middle: what stays is told, and with room again the run goes on."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from console.demo.account import unprivileged
from console.demo.server import Cluster
from console.errors import Exit
from tests.fixtures.databases import fresh
from tests.fixtures.running import private_folder
from tests.migrate.working import Told, ask, go_up, one, remove, states, tables, write

OFF = '-- emr: transaction = off\n-- emr: waive = EM01 "an index and a table in one file"\n'
FIRST = (
    "create table first as select n as id, md5(n::text) as name from generate_series(1, 25000) n;\n"
    "alter table first set (autovacuum_enabled = off)"
)

NOISE = "insert into noise select md5(n::text) from generate_series(1, 25000) n"


@dataclass(frozen=True, slots=True)
class Small:
    """A tablespace that holds 1 MB."""

    dsn: str
    """An empty database of its server."""
    name: str
    """The tablespace."""
    folder: Path
    """Its disk."""

    def grow(self) -> None:
        """Make room."""
        subprocess.run(["mount", "-o", "remount,size=64m", self.folder], check=True)


@pytest.fixture
def small(cluster: Cluster) -> Iterator[Small]:
    """A disk in memory and a database beside it."""
    with private_folder() as around:
        folder = around / "disk"
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(folder)]
        if subprocess.run(mount, capture_output=True).returncode != 0:
            pytest.skip("this account may not mount a small disk, which is no program that could be installed")
        try:
            unprivileged().give(folder)
            yield from spaces(cluster, folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def spaces(cluster: Cluster, folder: Path) -> Iterator[Small]:
    """The tablespace on that disk, dropped when its database is gone."""
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"create tablespace small location '{folder}'".encode())
        try:
            with fresh(cluster) as dsn:
                yield Small(dsn, "small", folder)
        finally:
            connection.execute("drop tablespace small")


async def test_what_stays_is_told_and_with_room_again_it_goes_on(small: Small, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up=FIRST, down="drop table first")
    # In a transaction nothing stays, of the disk's space neither.
    noise = f"create table before (id int);\ncreate table noise (name text) tablespace {small.name};\n{NOISE}"
    write(tmp_path, "002_noise", up=noise)
    result = await go_up(small.dsn, tmp_path)
    assert (result.exit, result.done) == (Exit.OUT_OF_SPACE, ["001"])
    assert result.failed is not None
    assert (result.failed.sqlstate, result.failed.statement) == ("53100", 3)
    assert result.error is not None
    assert "nothing of it was changed" in result.error.state
    assert "disk" in result.error.hint
    assert tables(small.dsn) == ["first"]
    assert (await states(small.dsn, tmp_path))["002"] == "failed_clean"
    # Outside of one the invalid index is named.
    remove(tmp_path, "002_noise")
    build = f"create index concurrently first_name on first (name) tablespace {small.name}"
    write(tmp_path, "003_build", up=f"{OFF}create table second (id int);\n{build}")
    result = await go_up(small.dsn, tmp_path)
    assert result.exit == Exit.OUT_OF_SPACE
    assert result.failed is not None
    assert (result.failed.sqlstate, result.failed.statement) == ("53100", 2)
    assert result.error is not None
    assert "1 of 2 statements is done and stays" in result.error.state
    assert "It has left the invalid index first_name" in result.error.state
    assert (await states(small.dsn, tmp_path))["003"] == "failed_partial"
    assert tables(small.dsn) == ["first", "second"]
    small.grow()
    write(tmp_path, "004_noise", up=noise)
    assert (await go_up(small.dsn, tmp_path, told := Told())).done == ["003", "004"]
    assert [event.statement for event in told.of("statement")] == [2, 1, 2, 3]
    assert one(small.dsn, "select indisvalid from pg_index where indexrelid = 'first_name'::regclass")
    assert ask(small.dsn, "select count(*) from pg_index where not indisvalid") == [(0,)]
