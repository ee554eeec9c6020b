"""A ledger that somebody wrote to by hand: its events tell so, and nothing is executed on such a word."""

from pathlib import Path

import pytest

from console.errors import Exit, Refused
from console.migrate.adopt.adopt import adopt
from console.migrate.files import read_folder
from console.migrate.plan.requested import Wanted, planned
from console.migrate.reports import Result
from console.migrate.resolve import Verdict, resolve
from console.migrate.terms import Terms
from tests.migrate.working import (
    ask,
    go_down,
    go_up,
    ignore,
    one,
    read_status,
    remove,
    states,
    tables,
    write,
    write_tables,
)
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
def folder(with_second: str, tmp_path: Path) -> Path:
    """Two migrations that are applied, and a third one."""
    write_tables(tmp_path, "first", "second", "third")
    return tmp_path


@pytest.mark.parametrize(("spoil", "says"), SPOILT.items())
async def test_it_is_told_and_nothing_is_executed(with_second: str, folder: Path, spoil: str, says: str) -> None:
    ask(with_second, spoil)
    before = everything(with_second)
    found = await read_status(with_second, folder)
    assert says in str(found.note)
    assert found.exit == Exit.FINDINGS
    for action in (go_up, go_down):
        with pytest.raises(Refused, match=says) as caught:
            await action(with_second, folder)
        assert caught.value.exit == Exit.REFUSED
    assert everything(with_second) == before


@pytest.mark.parametrize(
    "spoil", [next(iter(SPOILT)), *(pytest.param(each, marks=pytest.mark.long) for each in [*SPOILT][1:])]
)
async def test_no_other_way_leads_past_it(with_second: str, folder: Path, spoil: str) -> None:
    ask(with_second, spoil)
    before = everything(with_second)
    goal, files = target(with_second), read_folder(folder)
    for action in (
        go_down(with_second, folder, all=True),
        planned(goal, files, Wanted()),
        resolve(goal, files, ignore, Terms(reason="a test"), "002", Verdict("undo")),
    ):
        with pytest.raises(Refused, match=SPOILT[spoil]) as caught:
            await action
        assert caught.value.exit == Exit.REFUSED
    assert everything(with_second) == before


def everything(dsn: str) -> list[object]:
    """Tables, ledger and events."""
    rows = ask(dsn, "select to_jsonb(m) from emr_console.migration m order by version")
    return [tables(dsn), rows, ask(dsn, "select id, kind from emr_console.event order by id")]


async def test_a_row_that_is_gone_is_adopted_again(with_second: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second", "third")
    ask(with_second, "delete from emr_console.migration where version = '002'")
    adopted = await adopt(target(with_second), read_folder(tmp_path), ignore, Terms(reason="a test"), clean=False)
    assert adopted.done == ["002"]
    assert (await go_up(with_second, tmp_path)).done == ["003"]
    assert one(with_second, "select count(*) from second") == 1


async def test_a_rollback_by_hand_is_known_once_it_is_written_down(with_second: str, tmp_path: Path) -> None:
    ask(with_second, "drop table second; delete from emr_console.migration where version = '002'")
    with pytest.raises(Refused, match="its row is gone"):
        await go_up(with_second, tmp_path)
    ask(
        with_second,
        "insert into emr_console.event (version, kind, operator) values ('002', 'rolled_back', 'ana@ward-7')",
    )
    assert await states(with_second, tmp_path) == {"001": "applied", "002": "pending"}
    assert (await go_up(with_second, tmp_path)).done == ["002"]


async def test_a_newer_consoles_events_are_no_contradiction(with_first: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    ask(with_first, "insert into emr_console.event (version, kind, operator) values ('001', 'renumbered', 'ana')")
    assert (await go_up(with_first, tmp_path)).done == ["002"]


@pytest.mark.parametrize("ends", ["select 1", "select nobody from ward"], ids=["applied", "stopped"])
async def test_what_an_older_console_began_is_taken_back(with_first: str, tmp_path: Path, ends: str) -> None:
    """Its events told no hash; the last one that did is of another text, which was rolled back."""
    off, build = "-- emr: transaction = off\n", "create index concurrently first_id on first (id);\n"
    down = f"{off}drop index concurrently first_id"
    write(tmp_path, "002_build", up=f"{off}{build}", down=f"{down};\nselect 1")
    await go_up(with_first, tmp_path)
    await go_down(with_first, tmp_path)
    write(tmp_path, "002_build", up=f"{off}{build}{ends}", down=down)
    await go_up(with_first, tmp_path)
    since = "id > (select max(id) from emr_console.event where kind = 'rolled_back')"
    untold = f"update emr_console.event set detail = detail - '{{up_sha256,down_sha256}}'::text[] where {since}"
    triggers = "alter table emr_console.event {} trigger user"
    ask(with_first, f"{triggers.format('disable')}; {untold}; {triggers.format('enable')}")
    remove(tmp_path, "002_build")
    undo = go_down(with_first, tmp_path) if ends == "select 1" else _undone(with_first, tmp_path)
    result = await undo
    assert (result.error, result.done) == (None, ["002"])
    assert one(with_first, "select to_regclass('first_id')") is None


async def _undone(dsn: str, folder: Path) -> Result:
    return await resolve(target(dsn), read_folder(folder), ignore, Terms(reason="a test"), "002", Verdict("undo"))
