"""The replication tab: a real standby, real slots, and a standby's own view of itself."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from console.db.database import Database
from console.demo.process import ENVIRONMENT
from console.demo.server import Cluster
from console.panes.database.indexes.service import read_indexes
from console.panes.database.replication import service
from console.panes.database.replication.models import Link, Receiver, Replication, Slot, Standby
from console.panes.database.summary.figures import figures
from console.panes.database.summary.service import read_summary
from tests.fixtures.databases import fresh
from tests.fixtures.running import SETTINGS, complete, private_folder, watched
from tests.migrate.servers import on_both
from tests.targets import target

SLOT = "db2_slot"


@pytest.fixture(scope="module")
def standby(pg18: Cluster) -> Iterator[Cluster]:
    """A second server that follows the first."""
    with private_folder() as folder:
        copied = Cluster(pg18.bindir, folder, settings=SETTINGS)
        copied.data.mkdir(mode=0o700)
        copied.account.give(copied.data)
        copied.passfile.touch(mode=0o600)
        copied.passfile.write_text(pg18.passfile.read_text())
        where = f"host={pg18.socket_dir} port=5432 user=postgres application_name=db2"
        options = ["-D", str(copied.data), "-R", "-C", "-S", SLOT, "-X", "stream", "-c", "fast", "--no-sync"]
        subprocess.run(
            [pg18.bindir / "pg_basebackup", "-d", where, *options],
            check=True,
            cwd=folder,
            env={**ENVIRONMENT, "PGPASSWORD": pg18.password()},
            **copied.account.process,
        )
        complete(copied.start())
        assert copied.pid is not None
        try:
            with watched(copied.pid, folder):
                yield copied
        finally:
            complete(copied.stop())
            with psycopg.connect(pg18.dsn(), autocommit=True) as admin:
                admin.execute(
                    "select pg_terminate_backend(active_pid, 10000), pg_drop_replication_slot(slot_name)"
                    " from pg_replication_slots where slot_name = %s",
                    [SLOT],
                )


@asynccontextmanager
async def looking(cluster: Cluster) -> AsyncIterator[Database]:
    async with Database(target(cluster.dsn())) as db:
        yield db


async def until(db: Database, true: Callable[[Replication], bool]) -> Replication:
    """Who follows whom, as soon as this is so; ten seconds only end a hang."""
    async with asyncio.timeout(10):
        while True:
            found = await service.read_replication(db)
            if true(found):
                return found


def the(found: Replication, kind: str, name: str = "") -> Link:
    return next(link for link in found.links if link.kind == kind and name in link.name)


def caught_up(found: Replication) -> bool:
    followers = [link for link in found.links if link.kind == "standby"]
    return any(link.state == "streaming async" and link.lag_bytes == 0 for link in followers)


async def test_a_standby_that_keeps_up_and_its_slot(pg18: Cluster, standby: Cluster) -> None:
    async with looking(pg18) as db:
        found = await until(db, caught_up)
    follower, slot = the(found, "standby", "db2"), the(found, "slot", SLOT)
    assert (follower.level, follower.lag_seconds, found.grant) == ("ok", 0.0, None)
    assert isinstance(follower.row, Standby)
    with psycopg.connect(pg18.dsn()) as admin:
        known = admin.execute("select pid, usename::text, backend_start from pg_stat_replication").fetchone()
    assert known == (follower.row.pid, follower.row.user, follower.row.backend_start)
    assert (slot.state, slot.level) == ("physical, active", "ok")
    assert isinstance(slot.row, Slot)
    assert slot.row.active_pid == follower.row.pid
    assert found.in_recovery is False


async def test_a_standby_that_does_not_replay(pg18: Cluster, standby: Cluster) -> None:
    with (
        psycopg.connect(standby.dsn(), autocommit=True) as follower,
        psycopg.connect(pg18.dsn(), autocommit=True) as primary,
    ):
        follower.execute("select pg_wal_replay_pause()")
        try:
            primary.execute("create table delayed as select generate_series(1, 1000) as id")
            primary.execute("drop table delayed")
            async with looking(pg18) as db, looking(standby) as other:
                behind = the(await until(db, lambda found: (the(found, "standby").lag_bytes or 0) > 0), "standby")
                own = the(await until(other, _paused), "receiver")
                lag = follower.execute("select pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())")
                assert (own.lag_bytes,) == lag.fetchone()
        finally:
            follower.execute("select pg_wal_replay_resume()")
    assert behind.lag_bytes
    assert (own.level, own.remark) == ("warn", "replay: paused")
    async with looking(pg18) as db:
        await until(db, caught_up)


def _paused(found: Replication) -> bool:
    own = the(found, "receiver").row
    return isinstance(own, Receiver) and own.pause_state == "paused" and bool(own.replay_bytes)


async def test_what_a_standby_tells_of_itself(pg18: Cluster, standby: Cluster) -> None:
    async with looking(standby) as db:
        found = await until(db, lambda found: the(found, "receiver").lag_bytes == 0)
        summary, indexes = await read_summary(db), await read_indexes(db)
    own = the(found, "receiver")
    assert found.in_recovery
    assert found.links[0] is own
    assert isinstance(own.row, Receiver)
    assert (own.state, own.level, own.lag_seconds, own.row.slot) == ("streaming", "ok", 0.0, SLOT)
    assert own.row.sender == str(pg18.socket_dir)
    lines = {figure.id: figure for figure in figures(summary)}
    assert lines["wal"].remark == "a standby writes none"
    assert indexes.in_recovery


@on_both
async def test_a_slot_that_nobody_reads(cluster: Cluster) -> None:
    with psycopg.connect(cluster.dsn(), autocommit=True) as admin:
        admin.execute("select pg_create_physical_replication_slot('forgotten', true)")
        try:
            async with looking(cluster) as db:
                found = the(await service.read_replication(db), "slot", "forgotten")
            kept = admin.execute(
                "select pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint from pg_replication_slots"
                " where slot_name = 'forgotten'"
            ).fetchone()
        finally:
            admin.execute("select pg_drop_replication_slot('forgotten')")
    assert (found.level, found.remark, found.state) == ("warn", "nobody reads it", "physical, inactive")
    assert kept is not None
    assert 0 <= (found.kept_bytes or 0) <= kept[0]


async def test_a_role_without_rights_sees_only_that_somebody_follows(pg18: Cluster, standby: Cluster) -> None:
    with fresh(pg18) as dsn, psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute("drop role if exists onlooker")
        admin.execute("create role onlooker login password 'x'")
        try:
            where = target(dsn, user="onlooker", password="x", passfile="/nonexistent")
            async with Database(where) as db:
                found = await service.read_replication(db)
        finally:
            admin.execute("drop role onlooker")
    follower = the(found, "standby")
    assert (follower.state, follower.level, follower.lag_bytes) == ("hidden", "unknown", None)
    assert found.grant == 'GRANT pg_read_all_stats TO "onlooker";'


async def test_a_server_that_stands_alone(pg15: Cluster) -> None:
    async with looking(pg15) as db:
        found = await service.read_replication(db)
    assert (found.links, found.grant) == ([], None)
