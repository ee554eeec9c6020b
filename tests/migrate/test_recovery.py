"""A connection lost in the middle: what became of the transaction is looked up, never guessed."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.errors import Exit
from console.migrate.reports import Event
from tests.migrate.cutting import Cut, Proxy, cutting
from tests.migrate.working import Told, ask, go_down, go_up, states, tables, write, write_tables


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="emr-"))
    yield folder
    shutil.rmtree(folder)


class Arming(Told):
    """Arms the proxy at the last statement of the migration in question."""

    def __init__(self, proxy: Proxy, version: str) -> None:
        super().__init__()
        self._proxy = proxy
        self._version = version

    def append(self, event: Event) -> None:
        super().append(event)
        if event.event == "statement" and event.version == self._version and event.statement == event.statements:
            self._proxy.armed = True


@pytest.mark.parametrize(("cut", "committed"), [("before", False), ("after", True)])
async def test_cut_around_the_commit_of_an_up(
    database: str, tmp_path: Path, sockets: Path, cut: Cut, committed: bool
) -> None:
    write_tables(tmp_path, "first", "second", "third")
    async with cutting(database, sockets, cut) as (proxy, through):
        told = Arming(proxy, "002")
        result = await go_up(through, tmp_path, told)
    assert result.exit == Exit.CONNECTION_LOST
    assert result.error is not None
    assert told.of("checking")
    assert result.not_started == ["003"]
    if committed:
        assert (result.done, result.failed) == (["001", "002"], None)
        assert "002_second was committed" in result.error.sentence()
        assert tables(database) == ["first", "second"]
    else:
        assert result.done == ["001"]
        assert result.failed is not None
        assert "002_second was rolled back; nothing of it was changed" in result.failed.message
        assert tables(database) == ["first"]
    assert (await states(database, tmp_path))["002"] == ("applied" if committed else "pending")
    assert (await go_up(database, tmp_path)).done == (["003"] if committed else ["002", "003"])


@pytest.mark.parametrize(("cut", "committed"), [pytest.param("before", False, marks=pytest.mark.long), ("after", True)])
async def test_cut_around_the_commit_of_a_down(
    with_second: str, tmp_path: Path, sockets: Path, cut: Cut, committed: bool
) -> None:
    async with cutting(with_second, sockets, cut) as (proxy, through):
        result = await go_down(through, tmp_path, Arming(proxy, "002"), all=True)
    assert result.exit == Exit.CONNECTION_LOST
    assert result.done == (["002"] if committed else [])
    assert tables(with_second) == (["first"] if committed else ["first", "second"])


async def test_a_session_that_somebody_ends(database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create table first (id int); select pg_terminate_backend(pg_backend_pid())")
    write(tmp_path, "002_second", up="select 1")
    result = await go_up(database, tmp_path)
    assert (result.exit, result.done, result.not_started) == (Exit.CONNECTION_LOST, [], ["002"])
    assert result.failed is not None
    assert result.failed.sqlstate == "57P01"
    assert tables(database) == []
    assert ask(database, "select outcome from emr_console.run") == [(None,)]
    write(tmp_path, "001_first", up="create table first (id int)")
    assert (await go_up(database, tmp_path, told := Told())).done == ["001", "002"]
    assert "had died" in str(told.of("note")[0].message)


async def test_a_session_that_ends_right_after_the_commit(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")

    class Ending(Told):
        """Somebody ends the run's session as soon as the first migration is committed."""

        def append(self, event: Event) -> None:
            super().append(event)
            if event.event == "applied":
                ask(pg18_database, "select pg_terminate_backend(backend_pid, 60000) from emr_console.run")

    result = await go_up(pg18_database, tmp_path, told := Ending())
    assert (result.done, result.failed, result.not_started) == (["001"], None, ["002"])
    assert result.exit == Exit.CONNECTION_LOST
    assert result.error is not None
    assert result.error.state == "001_first was committed; the run stopped after it."
    assert told.of("checking") == []
    assert (await go_up(pg18_database, tmp_path)).done == ["002"]
