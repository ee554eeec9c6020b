"""The ledger: what it keeps, who owns it, that its events stay."""

from pathlib import Path

import pytest

import console
from console.db.session import Session
from console.errors import ConsoleError, Exit, NoPrivilege
from console.migrate import ledger
from tests.migrate.servers import on_both
from tests.migrate.working import ask, go_down, go_up, one, states, write_tables
from tests.targets import target


@on_both
async def test_the_ledger_keeps_texts_hashes_and_who(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    await go_up(database, tmp_path, reason="a test")
    found = one(database, "select to_jsonb(m) from emr_console.migration m")
    assert found["up_text"] == (tmp_path / "001_first.up.sql").read_text()
    assert found["down_text"] == "drop table first;\n"
    assert found["verify_sha256"]
    assert found["tool_version"] == console.__version__
    assert found["applied_by"] == "postgres"
    assert found["duration"] > 0
    run = one(database, "select to_jsonb(r) from emr_console.run r")
    assert (run["kind"], run["outcome"], run["reason"], run["batch"]) == ("up", "done", "a test", 1)
    assert run["id"] == found["run_id"]
    assert ask(database, "select version, kind from emr_console.event") == [("001", "applied")]


async def test_the_role_of_the_profile(pg18_database: str, tmp_path: Path) -> None:
    role = one(pg18_database, "select 'owner_' || current_database()")
    ask(pg18_database, f"create role {role} nologin")
    ask(pg18_database, f"grant create on database {one(pg18_database, 'select current_database()')} to {role}")
    ask(pg18_database, f"grant create on schema public to {role}")
    write_tables(tmp_path, "first", "second")
    try:
        assert (await go_up(pg18_database, tmp_path, role=role)).done == ["001", "002"]
        assert ask(pg18_database, "select distinct tableowner from pg_tables where schemaname = 'public'") == [(role,)]
        assert ask(pg18_database, "select logged_in_as, acted_as from emr_console.run") == [("postgres", role)]
    finally:
        ask(pg18_database, f"drop owned by {role} cascade")
        ask(pg18_database, f"drop role {role}")


async def test_a_role_that_may_not_write_it(pg18_database: str, tmp_path: Path) -> None:
    role = one(pg18_database, "select 'visitor_' || current_database()")
    ask(pg18_database, f"create role {role} nologin")
    write_tables(tmp_path, "first")
    await go_up(pg18_database, tmp_path)
    try:
        with pytest.raises(NoPrivilege, match="This role may not make or write the ledger") as caught:
            await go_up(pg18_database, tmp_path, role=role)
        assert "migrate.role" in caught.value.hint
    finally:
        ask(pg18_database, f"drop role {role}")


async def test_a_row_that_somebody_swallows(pg18_database: str, tmp_path: Path) -> None:
    """What has no row in the ledger is not done, and would be done again."""
    write_tables(tmp_path, "first", "second")
    await go_up(pg18_database, tmp_path, to="001")
    ask(pg18_database, "create function nothing() returns trigger language plpgsql as 'begin return null; end'")
    swallow = "create trigger swallow before insert on emr_console.migration for each row execute function nothing()"
    ask(pg18_database, swallow)
    result = await go_up(pg18_database, tmp_path)
    assert (result.done, result.exit) == ([], Exit.FAILED)
    assert result.error is not None
    assert "took the ledger's row without an error, but wrote none" in result.error.message
    assert one(pg18_database, "select to_regclass('second') is null")


async def test_a_newer_ledger_is_read_and_not_written(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    await go_up(pg18_database, tmp_path, to="001")
    ask(pg18_database, "update emr_console.meta set version = 99")
    assert await states(pg18_database, tmp_path) == {"001": "applied", "002": "pending"}
    for action in (go_up(pg18_database, tmp_path), go_down(pg18_database, tmp_path)):
        with pytest.raises(ConsoleError, match="The ledger of this database is of version 99") as caught:
            await action
        assert caught.value.exit == Exit.UNSUPPORTED


@pytest.mark.parametrize(
    "statement",
    ["update emr_console.event set kind = 'x'", "delete from emr_console.event", "truncate emr_console.event"],
)
async def test_events_are_append_only(database: str, tmp_path: Path, statement: str) -> None:
    write_tables(tmp_path, "first")
    await go_up(database, tmp_path)
    async with await Session.open(target(database), "act") as session:
        with pytest.raises(NoPrivilege, match="a function"):
            await session.execute(statement)
    assert one(database, "select count(*) from emr_console.event where kind = 'applied'") == 1


async def test_bootstrapping_twice_is_once(pg18_database: str) -> None:
    async with await Session.open(target(pg18_database), "act") as session:
        await ledger.bootstrap(session)
        await ledger.bootstrap(session)
    assert one(pg18_database, "select version from emr_console.meta") == ledger.NEWEST
