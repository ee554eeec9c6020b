"""The ledger: what it keeps, who owns it, that its events stay."""

from pathlib import Path

import pytest

import console
from console.db.session import Session
from console.errors import ConsoleError, Exit, NoPrivilege
from console.migrate import ledger
from tests.migrate.working import ask, go_down, go_up, one, states, write_tables
from tests.targets import target


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


async def test_a_role_that_may_not_write_it(with_first: str, tmp_path: Path) -> None:
    role = one(with_first, "select 'visitor_' || current_database()")
    ask(with_first, f"create role {role} nologin")
    try:
        with pytest.raises(NoPrivilege, match="This role may not make or write the ledger") as caught:
            await go_up(with_first, tmp_path, role=role)
        assert "migrate.role" in caught.value.hint
    finally:
        ask(with_first, f"drop role {role}")


async def test_a_row_that_somebody_swallows(with_first: str, tmp_path: Path) -> None:
    """What has no row in the ledger is not done, and would be done again."""
    write_tables(tmp_path, "first", "second")
    ask(with_first, "create function nothing() returns trigger language plpgsql as 'begin return null; end'")
    swallow = "create trigger swallow before insert on emr_console.migration for each row execute function nothing()"
    ask(with_first, swallow)
    result = await go_up(with_first, tmp_path)
    assert (result.done, result.exit) == ([], Exit.FAILED)
    assert result.error is not None
    assert "took the ledger's row without an error, but wrote none" in result.error.message
    assert one(with_first, "select to_regclass('second') is null")


async def test_a_newer_ledger_is_read_and_not_written(with_first: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    ask(with_first, "update emr_console.meta set version = 99")
    assert await states(with_first, tmp_path) == {"001": "applied", "002": "pending"}
    for action in (go_up(with_first, tmp_path), go_down(with_first, tmp_path)):
        with pytest.raises(ConsoleError, match="The ledger of this database is of version 99") as caught:
            await action
        assert caught.value.exit == Exit.UNSUPPORTED


async def test_events_are_append_only(with_first: str) -> None:
    async with await Session.open(target(with_first), "act") as session:
        for change in ("update {} set kind = 'x'", "delete from {}", "truncate {}"):
            with pytest.raises(NoPrivilege, match="a function"):
                await session.execute(change.format("emr_console.event"))
    assert one(with_first, "select count(*) from emr_console.event where kind = 'applied'") == 1


async def test_bootstrapping_twice_is_once(pg18_database: str) -> None:
    async with await Session.open(target(pg18_database), "act") as session:
        await ledger.bootstrap(session)
        await ledger.bootstrap(session)
    assert one(pg18_database, "select version from emr_console.meta") == ledger.NEWEST
