"""A server that speaks another language and lives in another time zone, and a person whose clock is wrong."""

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from console.demo.process import ENVIRONMENT
from console.demo.server import Cluster
from console.errors import Exit
from tests.fixtures.availability import Missing
from tests.fixtures.databases import fresh
from tests.fixtures.running import private_folder, running
from tests.fixtures.servers import DEBIAN_15
from tests.migrate.working import Told, ask, go_down, go_up, one, read_status, row, states, write, write_tables

OFF = '-- emr: transaction = off\n-- emr: waive = EM01 "each kind of statement in one file"\n'


@pytest.fixture(scope="module")
def abroad(missing: Missing) -> Iterator[Cluster]:
    """A server with German messages, 14 hours ahead of UTC."""
    if not (DEBIAN_15 / "postgres").exists():
        missing(f"PostgreSQL 15 is not installed in {DEBIAN_15}")
    with pytest.MonkeyPatch.context() as changed, private_folder() as folder:
        changed.setitem(ENVIRONMENT, "LANGUAGE", "de")
        with running(DEBIAN_15, folder, {"lc_messages": "C.UTF-8", "timezone": "Pacific/Kiritimati"}) as cluster:
            yield cluster


@pytest.fixture
def german(abroad: Cluster, missing: Missing) -> Iterator[str]:
    """An empty database there."""
    with fresh(abroad) as dsn:
        if "existiert nicht" not in words(dsn):
            missing("this PostgreSQL 15 speaks no German")
        yield dsn


def words(dsn: str) -> str:
    """What the server says to a mistake."""
    with pytest.raises(psycopg.Error) as said:
        ask(dsn, "select * from nowhere")
    return str(said.value)


async def test_it_is_decided_by_code_and_never_by_words(german: str, tmp_path: Path) -> None:
    """A missing lock, a statement that refuses a transaction, an index that stays invalid, a read-only check."""
    write_tables(tmp_path, "first")
    await go_up(german, tmp_path)
    header = "-- emr: lock_timeout = 50ms\n-- emr: stall_budget = 100ms\n"
    write(tmp_path, "002_alter", up=f"{header}alter table first add column more int")
    with psycopg.connect(german) as reader:
        reader.execute("select 1 from first")
        result = await go_up(german, tmp_path, told := Told())
    assert (result.exit, len(told.of("waiting"))) == (Exit.LOCK_BUDGET, 1)
    ask(german, "insert into first values (1)")
    build = "create unique index concurrently first_id on first (id)"
    write(tmp_path, "003_build", up=f"{OFF}vacuum first;\n{build}")
    result = await go_up(german, tmp_path)
    assert (result.done, result.exit) == (["002"], Exit.PARTIAL)
    assert result.error is not None
    assert "It has left the invalid index first_id" in result.error.state
    ask(german, "delete from first where ctid = '(0,1)'")
    writes = "with more as (insert into first values (7) returning id) select 'a' as name, true as ok from more"
    write(tmp_path, "004_check", up="select 1", verify=writes)
    result = await go_up(german, tmp_path)
    assert (result.done, result.exit) == (["003"], Exit.VERIFY_FAILED)
    assert set((await states(german, tmp_path)).values()) == {"applied", "applied_unverified", "failed_clean"}


async def test_moments_are_the_server_s(german: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's clock that is a day late dates nothing."""
    yesterday = time.time() - 86_400
    monkeypatch.setattr("time.time", lambda: yesterday)
    write_tables(tmp_path, "first", "second")
    await go_up(german, tmp_path)
    await go_down(german, tmp_path)
    found = await row(german, tmp_path, "001")
    assert found.applied_at is not None
    age = one(german, "select extract(epoch from clock_timestamp() - %s)", found.applied_at)
    assert 0 <= age < 3600
    assert (await read_status(german, tmp_path)).as_of > found.applied_at
    moments = (
        "select count(*) from (select started_at as at from emr_console.run union all select finished_at"
        " from emr_console.run union all select at from emr_console.event) told"
        " where at not between clock_timestamp() - interval '1 hour' and clock_timestamp()"
    )
    assert one(german, moments) == 0
