"""Files that run outside a transaction: each statement by itself, journalled, resumed where it stopped."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import psycopg
import pytest

from console.demo.server import Cluster
from console.errors import ConsoleError, Exit, Refused, UsageError
from console.migrate.files import read_folder
from console.migrate.reports import Result, done_and_stay
from console.migrate.resolve import Verdict, resolve
from console.migrate.terms import Terms
from tests.migrate.servers import applied
from tests.migrate.working import Told, ask, go_down, go_up, ignore, one, row, states, write
from tests.targets import target

Verb = Literal["done", "repeat"]

OFF = '-- emr: transaction = off\n-- emr: waive = EM01 "each kind of statement in one file"\n'
FIRST = (
    "create table ward (id int, name text);\ninsert into ward select n, 'ward ' || n from generate_series(1, 100) n;\n"
)
BUILD = "create index concurrently ward_id on ward (id);\n"
NAME = "create unique index concurrently ward_name on ward (name);\n"


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """A migration that makes one table."""
    write(tmp_path, "001_ward", up=FIRST, down="drop table ward")
    return tmp_path


@pytest.fixture
def database(cluster: Cluster, ward: Path) -> Iterator[str]:
    """A database where it is applied."""
    with applied(cluster, ward) as dsn:
        yield dsn


def indexes(dsn: str) -> dict[str, bool]:
    """Every index of the table, and whether it is valid."""
    return dict(
        ask(
            dsn,
            "select indexrelid::regclass::text, indisvalid from pg_index where indrelid = 'ward'::regclass order by 1",
        )
    )


def journal(dsn: str) -> list[tuple[object, ...]]:
    """What the last run has written about the statements."""
    return ask(
        dsn,
        "select j.statement, j.state from emr_console.journal j"
        " join (select id from emr_console.run order by started_at desc limit 1) r on r.id = j.run_id order by 1",
    )


async def test_every_kind_of_statement(database: str, ward: Path) -> None:
    write(
        ward,
        "002_build",
        up=f"{OFF}{BUILD}vacuum ward;\nalter table ward add column more int;\n{NAME}",
        down=f"{OFF}drop index concurrently ward_id;\nalter table ward drop column more;\n"
        "drop index concurrently ward_name",
        verify="select 'both are valid' as name, count(*) = 2 as ok from pg_index"
        " where indrelid = 'ward'::regclass and indisvalid",
    )
    result = await go_up(database, ward, told := Told())
    assert (result.exit, result.done) == (Exit.OK, ["002"])
    assert [event.statement for event in told.of("statement")] == [1, 2, 3, 4]
    assert indexes(database) == {"ward_id": True, "ward_name": True}
    assert journal(database) == [(1, "done"), (2, "done"), (3, "done"), (4, "done")]
    assert (await states(database, ward))["002"] == "applied"
    assert (await go_down(database, ward)).done == ["002"]
    assert (indexes(database), await states(database, ward)) == ({}, {"001": "applied_unverified", "002": "pending"})
    assert (await go_up(database, ward)).done == ["002"]


@pytest.mark.parametrize("broken", [1, 2, pytest.param(3, marks=pytest.mark.long)])
async def test_it_stops_at_any_statement_and_goes_on_there(database: str, ward: Path, broken: int) -> None:
    good = [BUILD, "alter table ward add column more int;\n", NAME]
    bad = [*good[: broken - 1], "select nobody from ward;\n", *good[broken - 1 :]]
    write(ward, "002_build", up=OFF + "".join(bad))
    result = await go_up(database, ward)
    assert result.exit == (Exit.PARTIAL if broken > 1 else Exit.FAILED)
    assert result.failed is not None
    assert (result.failed.statement, result.failed.sqlstate) == (broken, "42703")
    assert result.error is not None
    stays = done_and_stay(broken - 1, "4 statements") if broken > 1 else "None of its statements is done"
    assert stays in result.error.state
    found = await row(database, ward, "002")
    assert found.state == ("failed_partial" if broken > 1 else "failed_clean")
    write(ward, "002_build", up=f"{OFF}-- mended\n" + "".join(good))
    assert (await go_up(database, ward, told := Told())).done == ["002"]
    assert [event.statement for event in told.of("statement")] == list(range(broken, 4))
    assert indexes(database) == {"ward_id": True, "ward_name": True}
    assert journal(database) == [(1, "done"), (2, "done"), (3, "done")]


async def test_what_is_done_may_not_be_changed(database: str, ward: Path) -> None:
    write(ward, "002_build", up=f"{OFF}{BUILD}select nobody from ward")
    await go_up(database, ward)
    write(ward, "002_build", up=f"{OFF}create index concurrently ward_id on ward (name);\n{NAME}")
    result = await go_up(database, ward)
    assert result.exit == Exit.FILE_CHANGED
    assert result.error is not None
    assert "statement 1, which is done already, is not what it was" in result.error.message
    assert indexes(database) == {"ward_id": True}
    assert (await states(database, ward))["002"] == "failed_partial"


async def test_an_invalid_index_is_dropped_and_built_again(database: str, ward: Path) -> None:
    ask(database, "insert into ward values (1, 'ward 1')")
    name = NAME.replace("concurrently", "concurrently if not exists")
    write(ward, "002_build", up=f"{OFF}{BUILD}{name}")
    result = await go_up(database, ward)
    assert (result.exit, result.done) == (Exit.PARTIAL, [])
    assert result.error is not None
    assert "It has left the invalid index ward_name" in result.error.state
    assert indexes(database) == {"ward_id": True, "ward_name": False}
    ask(database, "delete from ward where ctid in (select max(ctid) from ward group by name having count(*) > 1)")
    assert (await go_up(database, ward, told := Told())).done == ["002"]
    assert "The invalid index ward_name" in str(told.of("note")[0].message)
    assert indexes(database) == {"ward_id": True, "ward_name": True}


async def test_an_invalid_index_alone_is_something_that_stays(database: str, ward: Path) -> None:
    ask(database, "insert into ward values (1, 'ward 1')")
    write(ward, "002_build", up=OFF + NAME)
    assert (await go_up(database, ward)).exit == Exit.PARTIAL
    assert (await states(database, ward))["002"] == "failed_partial"


async def test_a_probe_says_that_it_is_done(pg18_database: str, tmp_path: Path) -> None:
    probe = "-- emr: probe = select to_regclass('ward') is not null\n"
    write(tmp_path, "001_ward", up=f"{OFF}{probe}create table ward (id int)")
    ask(pg18_database, "create table ward (id int)")
    assert (await go_up(pg18_database, tmp_path, told := Told())).done == ["001"]
    assert told.of("note")[0].message == "Statement 1 is done already, says its probe."


async def test_a_check_that_fails_is_told_and_stays(database: str, ward: Path) -> None:
    write(ward, "002_build", up=OFF + BUILD, verify="select 'never' as name, false as ok")
    write(ward, "003_more", up="select 1")
    result = await go_up(database, ward)
    assert (result.exit, result.done, result.not_started) == (Exit.VERIFY_FAILED, [], ["003"])
    assert (await states(database, ward))["002"] == "applied_unverified"


async def test_settings_would_mean_nothing(tmp_path: Path) -> None:
    write(tmp_path, "001_set", up=f"{OFF}select 1;\nset search_path = x")
    with pytest.raises(UsageError, match="line 4: SET stands here"):
        read_folder(tmp_path)


async def test_a_rollback_goes_on_where_it_stopped(database: str, ward: Path) -> None:
    down = f"{OFF}drop index concurrently ward_id;\n"
    write(ward, "002_build", up=OFF + BUILD + NAME, down=f"{down}select nobody from ward;\ndrop index ward_name")
    await go_up(database, ward)
    result = await go_down(database, ward)
    assert result.exit == Exit.PARTIAL
    assert (await states(database, ward))["002"] == "rollback_failed_partial"
    with pytest.raises(
        ConsoleError, match="In doubt or rolled back half-way, which blocks what comes after: 002_build"
    ):
        await go_up(database, ward)
    write(ward, "002_build", up=OFF + BUILD + NAME, down=f"{down}drop index concurrently ward_name")
    assert (await go_down(database, ward, told := Told())).done == ["002"]
    assert [event.statement for event in told.of("statement")] == [2]
    assert indexes(database) == {}


async def building(dsn: str) -> int:
    """The session that builds an index, once it waits for older transactions."""
    waiting = "select pid from pg_stat_progress_create_index where phase like 'waiting%' and lockers_total > 0"
    while not (found := ask(dsn, waiting)):  # noqa: ASYNC110 - the server sends no event
        await asyncio.sleep(0.02)
    return int(found[0][0])


async def test_a_person_stops_a_build(database: str, ward: Path) -> None:
    write(ward, "002_build", up=OFF + BUILD + NAME)
    async with await psycopg.AsyncConnection.connect(database) as writer:
        await writer.execute("insert into ward values (0, 'ward 0')")
        run = asyncio.create_task(go_up(database, ward, told := Told()))
        await building(database)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
    (said,) = told.of("interrupted")
    assert said.message == (
        "002_build stopped half-way, 0 of its statements are done and stay: statement 1 has not run to its end."
    )
    assert (indexes(database), (await states(database, ward))["002"]) == ({"ward_id": False}, "failed_partial")
    assert (await go_up(database, ward)).done == ["002"]
    assert indexes(database) == {"ward_id": True, "ward_name": True}


async def test_its_session_is_ended_while_it_builds(database: str, ward: Path) -> None:
    write(ward, "002_build", up=f"{OFF}create table bed (id int);\n{BUILD}")
    async with await psycopg.AsyncConnection.connect(database) as writer:
        await writer.execute("insert into ward values (0, 'ward 0')")
        run = asyncio.create_task(go_up(database, ward))
        ask(database, "select pg_terminate_backend(%s, 60000)", await building(database))
        result = await run
    assert result.exit == Exit.CONNECTION_LOST
    assert result.error is not None
    assert result.error.state == (
        "1 of 2 statements of 002_build is done and stays; the next start decides about the one that was at work."
    )
    assert (await states(database, ward))["002"] == "in_doubt"
    assert (await go_up(database, ward, told := Told())).done == ["002"]
    assert "statement 2 has not run to its end" in str([event.message for event in told.of("note")])
    assert indexes(database) == {"ward_id": True}


async def in_doubt(dsn: str, folder: Path) -> None:
    """A procedure whose session is ended after its first COMMIT: nothing tells whether it ran."""
    ask(
        dsn,
        "create procedure slowly() language plpgsql as $$ begin insert into ward values (0, 'x'); commit;"
        " perform pg_sleep(600); end $$",
    )
    write(folder, "002_call", up=f"{OFF}{BUILD}call slowly();\n{NAME}", down=f"{OFF}drop index concurrently ward_id")
    run = asyncio.create_task(go_up(dsn, folder))
    sleeping = (
        "select pid from pg_stat_activity where query = 'call slowly()' and wait_event = 'PgSleep'"
        " and exists (select from emr_console.journal where state = 'intent')"
    )
    while not (found := ask(dsn, sleeping)):  # noqa: ASYNC110 - the server sends no event
        await asyncio.sleep(0.02)
    ask(dsn, "select pg_terminate_backend(%s, 60000)", found[0][0])
    assert (await run).exit == Exit.CONNECTION_LOST
    ask(dsn, "create or replace procedure slowly() language sql as 'select 1'")


async def decide(dsn: str, folder: Path, verdict: Verdict, version: str = "002") -> Result:
    """`migrate resolve`."""
    return await resolve(target(dsn), read_folder(folder), ignore, Terms(reason="a test"), version, verdict)


@pytest.mark.parametrize(("verb", "runs"), [("done", [3]), ("repeat", [2, 3])])
async def test_a_person_decides(database: str, ward: Path, verb: Verb, runs: list[int]) -> None:
    await in_doubt(database, ward)
    assert (await states(database, ward))["002"] == "in_doubt"
    with pytest.raises(ConsoleError, match="which blocks what comes after: 002_call"):
        await go_up(database, ward)
    with pytest.raises(UsageError, match="Statement 1 of 002 is not in doubt; statement 2 is"):
        await decide(database, ward, Verdict(verb, 1))
    await decide(database, ward, Verdict(verb, 2))
    assert (await states(database, ward))["002"] == "failed_partial"
    assert (await go_up(database, ward, told := Told())).done == ["002"]
    assert [event.statement for event in told.of("statement")] == runs
    kinds = [kind for (kind,) in ask(database, "select kind from emr_console.event where version = '002'")]
    assert kinds == ["begun", "settled", "resolved", "begun", "applied"]
    with pytest.raises(ConsoleError, match="002 did not stop half-way"):
        await decide(database, ward, Verdict(verb, 2))


async def test_what_is_done_is_taken_back(database: str, ward: Path) -> None:
    """And only that; it goes on where it stopped, too."""
    down = (
        f"{OFF}drop index concurrently ward_name;\ndrop index concurrently ward_id;\nalter table ward drop column more"
    )
    up = f"{OFF}{BUILD}vacuum ward;\nalter table ward add column more int;\nselect nobody from ward;\n{NAME}"
    write(ward, "002_build", up=up, down=down)
    assert (await go_up(database, ward)).exit == Exit.PARTIAL
    for action in (go_down(database, ward), go_down(database, ward, all=True)):
        with pytest.raises(ConsoleError, match="Stopped half-way, which stands in the way of a rollback: 002_build"):
            await action
    ask(database, "create view sees_it as select more from ward")
    assert (await decide(database, ward, Verdict("undo"))).exit == Exit.PARTIAL
    assert (await states(database, ward))["002"] == "rollback_failed_partial"
    for act in (go_up, go_down):
        with pytest.raises(ConsoleError, match="002_build"):
            await act(database, ward)
    ask(database, "drop view sees_it")
    result = await decide(database, ward, Verdict("undo"))
    assert (result.exit, result.done) == (Exit.OK, ["002"])
    assert indexes(database) == {}
    assert one(database, "select count(*) from pg_attribute where attname = 'more'") == 0
    assert (await states(database, ward))["002"] == "pending"


async def test_what_has_no_counterpart_is_not_taken_back(database: str, ward: Path) -> None:
    up = f"{OFF}update ward set name = 'x' where id = 1;\nselect nobody from ward"
    write(ward, "002_write", up=up, down=f"{OFF}drop index if exists ward_id")
    assert (await go_up(database, ward)).exit == Exit.PARTIAL
    with pytest.raises(Refused, match="No statement of its down takes back line 3"):
        await decide(database, ward, Verdict("undo"))
    assert (await states(database, ward))["002"] == "failed_partial"
