"""A ledger that somebody wrote to by hand: its events tell so, and nothing is executed on such a word."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.demo.server import Cluster
from console.errors import Exit, Refused
from console.migrate.adopt.adopt import adopt
from console.migrate.files import read_folder
from console.migrate.plan.requested import Wanted, planned
from console.migrate.resolve import Verdict, resolve
from console.migrate.terms import Terms
from tests.migrate.servers import applied
from tests.migrate.working import ask, go_down, go_up, ignore, one, read_status, states, tables, write_tables
from tests.targets import target

SPOILT = {
    "delete from emr_console.migration where version = '002'": "its row is gone; the last event is 'applied'",
    "update emr_console.migration set state = 'failed_clean' where version = '002'": (
        "its row says failed_clean; the last event is 'applied'"
    ),
    "update emr_console.migration set state = 'applying' where version = '002'": (
        "its row says applying; the last event is 'applied'"
    ),
    "update emr_console.migration set up_sha256 = '', up_tokens_sha256 = '' where version = '002'": (
        "its row holds another hash than the last event, which is 'applied'"
    ),
    "insert into emr_console.migration select (m).* from (select jsonb_populate_record(m,"
    ' \'{"version": "003", "name": "third"}\') as m from emr_console.migration m where version = \'002\') copied': (
        "its row says applied; no event tells of it"
    ),
}


@pytest.fixture
def database(cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    """Two migrations are applied."""
    write_tables(tmp_path, "first", "second")
    with applied(cluster, tmp_path) as dsn:
        yield dsn


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    """These and a third one."""
    write_tables(tmp_path, "first", "second", "third")
    return tmp_path


@pytest.mark.parametrize(("spoil", "says"), SPOILT.items())
async def test_it_is_told_and_nothing_is_executed(database: str, folder: Path, spoil: str, says: str) -> None:
    ask(database, spoil)
    before = everything(database)
    found = await read_status(database, folder)
    assert says in str(found.note)
    assert found.exit == Exit.FINDINGS
    goal, files = target(database), read_folder(folder)
    for action in (
        go_up(database, folder),
        go_down(database, folder),
        go_down(database, folder, all=True),
        planned(goal, files, Wanted()),
        resolve(goal, files, ignore, Terms(reason="a test"), "002", Verdict("undo")),
    ):
        with pytest.raises(Refused, match=says) as caught:
            await action
        assert caught.value.exit == Exit.REFUSED
    assert everything(database) == before


def everything(dsn: str) -> list[object]:
    """Tables, ledger and events."""
    rows = ask(dsn, "select to_jsonb(m) from emr_console.migration m order by version")
    return [tables(dsn), rows, ask(dsn, "select id, kind from emr_console.event order by id")]


async def test_a_row_that_is_gone_is_adopted_again(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second", "third")
    await go_up(pg18_database, tmp_path, to="002")
    ask(pg18_database, "delete from emr_console.migration where version = '002'")
    adopted = await adopt(target(pg18_database), read_folder(tmp_path), ignore, Terms(reason="a test"), clean=False)
    assert adopted.done == ["002"]
    assert (await go_up(pg18_database, tmp_path)).done == ["003"]
    assert one(pg18_database, "select count(*) from second") == 1


async def test_a_rollback_by_hand_is_known_once_it_is_written_down(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    await go_up(pg18_database, tmp_path)
    ask(pg18_database, "drop table second; delete from emr_console.migration where version = '002'")
    with pytest.raises(Refused, match="its row is gone"):
        await go_up(pg18_database, tmp_path)
    ask(
        pg18_database,
        "insert into emr_console.event (version, kind, operator) values ('002', 'rolled_back', 'ana@ward-7')",
    )
    assert await states(pg18_database, tmp_path) == {"001": "applied", "002": "pending"}
    assert (await go_up(pg18_database, tmp_path)).done == ["002"]


async def test_a_newer_consoles_events_are_no_contradiction(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    await go_up(pg18_database, tmp_path, to="001")
    ask(pg18_database, "insert into emr_console.event (version, kind, operator) values ('001', 'renumbered', 'ana')")
    assert (await go_up(pg18_database, tmp_path)).done == ["002"]
