"""The summary tab: every figure beside the answer of another question; what happened lately; what is hidden."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from console.db.database import Database
from console.panes.database.summary import service
from console.panes.database.summary.figures import Figure, figures
from console.panes.database.summary.summary import Sample, Summary, lately
from console.services.health.models import Level
from tests.migrate.servers import on_both
from tests.targets import target

TRUTH = """
select xact_commit, xact_rollback, blks_hit, blks_read, deadlocks, temp_files, temp_bytes
  from pg_stat_database where datname = current_database()
"""


@pytest.fixture
def worked(database: str) -> str:
    """A database in which something has happened, and then nothing."""
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("create table t (id int primary key, v text)")
        admin.execute("insert into t select n, repeat('x', 100) from generate_series(1, 20000) n")
        admin.execute("select pg_stat_force_next_flush()")
        admin.execute("vacuum analyze t")
        admin.execute("delete from t where id % 4 = 0")
        admin.execute("set work_mem = '64kB'; select from t order by v, id")
        with pytest.raises(psycopg.Error):
            admin.execute("select 1/0")
        admin.execute("select pg_stat_force_next_flush()")
    return database


def row(admin: psycopg.Connection[Any], query: str) -> tuple[Any, ...]:
    return admin.execute(query.encode()).fetchone() or ()


def by_id(summary: Summary) -> dict[str, Figure]:
    return {figure.id: figure for figure in figures(summary)}


@on_both
async def test_counters_are_those_of_the_server(worked: str) -> None:
    with psycopg.connect(worked, autocommit=True) as admin:
        before = row(admin, TRUTH)
        async with Database(target(worked)) as db:
            found = await service.read_summary(db)
        admin.execute("select pg_stat_force_next_flush()")
        after = row(admin, TRUTH)
        statistics, counted = found.statistics, found.counted
        assert statistics is not None
        assert counted is not None
        said = (
            counted.commits, counted.rollbacks, statistics.blks_hit, statistics.blks_read, statistics.deadlocks,
            counted.temp_files, counted.temp_bytes,
        )  # fmt: skip
        assert all(low <= value <= high for low, value, high in zip(before, said, after, strict=True))
        assert counted.rollbacks >= 1
        assert counted.temp_files >= 1
        survey = found.survey
        assert survey is not None
        assert (survey.heap_hit, survey.heap_wanted, survey.index_hit, survey.index_wanted) == row(
            admin,
            "select sum(heap_blks_hit), sum(heap_blks_hit + heap_blks_read), sum(idx_blks_hit),"
            " sum(idx_blks_hit + idx_blks_read) from pg_statio_user_tables",
        )
        assert (survey.live_rows, survey.dead_rows, survey.tables) == row(
            admin, "select sum(n_live_tup), sum(n_dead_tup), count(*) from pg_stat_user_tables"
        )
        pages = "select sum(relpages) * 8192 from pg_class where relkind in ('r', 'm', 't', 'i')"
        assert (survey.bytes,) == row(admin, pages)
        assert (survey.settings["shared_buffers"],) == row(admin, "show shared_buffers")
        assert counted.autovacuum_workers == 0


async def test_measured_size_is_that_on_disk(worked: str) -> None:
    async with Database(target(worked)) as db:
        watch = service.Watch(db)
        assert (await watch.refresh()).as_json()["approximate"] is True
        watch.exact = await service.measure(db)
        found = (await watch.refresh()).as_json()
    with psycopg.connect(worked) as admin:
        assert (found["bytes"],) == row(admin, "select pg_database_size(current_database())")
    assert found["approximate"] is False


async def test_what_happened_between_two_looks(worked: str) -> None:
    async with Database(target(worked)) as db:
        watch = service.Watch(db)
        assert (await watch.refresh()).lately is None
        with psycopg.connect(worked, autocommit=True) as admin:
            admin.execute("set work_mem = '64kB'; select from t order by v, id")
            admin.execute("select pg_stat_force_next_flush()")
        recent = (await watch.refresh()).lately
    assert recent is not None
    assert recent.temp_bytes > 0
    assert recent.transactions > 0
    assert (recent.deadlocks, recent.rollbacks) == (0, 0)
    assert 0 < (recent.hit_ratio or 0) <= 1


async def test_counters_that_began_anew_tell_nothing(worked: str) -> None:
    async with Database(target(worked)) as db:
        watch = service.Watch(db)
        await watch.refresh()
        with psycopg.connect(worked, autocommit=True) as admin:
            admin.execute("select pg_stat_reset()")
        watch.forget()
        found = await watch.refresh()
    assert found.lately is None
    assert by_id(found)["heap"].remark == "nothing was read yet", "and nothing is divided by zero"
    assert by_id(found)["heap"].total == ""


async def test_levels_are_those_of_the_health_checks(worked: str) -> None:
    with psycopg.connect(worked, autocommit=True) as admin:
        admin.execute("create sequence full_one as smallint")
        admin.execute("select setval('full_one', 32000)")
        with pytest.raises(psycopg.Error):
            admin.execute("create unique index concurrently broken on t (v)")
    async with Database(target(worked)) as db:
        found = await service.read_summary(db)
    lines = by_id(found)
    assert (lines["invalid"].level, lines["sequences"].level) == (Level.CRIT, Level.CRIT)
    assert "broken" in lines["invalid"].remark
    assert "full_one" in lines["sequences"].remark
    assert lines["settings"].level is Level.CRIT, "the test servers run without fsync"
    assert found.level is Level.CRIT


async def test_what_a_role_without_rights_does_not_see(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("drop role if exists onlooker")
        admin.execute("create role onlooker login password 'x'")
    try:
        where = target(database, user="onlooker", password="x", passfile="/nonexistent")
        async with Database(where) as db:
            found = await service.read_summary(db)
    finally:
        with psycopg.connect(database, autocommit=True) as admin:
            admin.execute("drop role onlooker")
    assert by_id(found)["autovacuum"].remark == "hidden from this role"
    assert found.grant == 'GRANT pg_monitor TO "onlooker";'


async def test_the_time_of_lately_is_that_of_the_server(worked: str) -> None:
    async with Database(target(worked)) as db:
        found = await service.read_summary(db)
    assert found.statistics is not None
    assert found.counted is not None
    first = Sample(found.statistics, found.counted)
    moved = {"as_of": first.statistics.as_of + timedelta(seconds=10), "blks_hit": first.statistics.blks_hit + 99}
    read = {"blks_read": first.statistics.blks_read + 1}
    later = first.statistics.model_copy(update=moved | read)
    second = Sample(later, first.counted.model_copy(update={"commits": first.counted.commits + 50}))
    recent = lately([first, second])
    assert recent is not None
    assert (recent.seconds, recent.transactions, recent.hit_ratio) == (10.0, 5.0, 0.99)
    assert lately([second, first]) is None
    assert lately([first]) is None
