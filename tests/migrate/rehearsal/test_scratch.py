"""Scratch databases: like the live one, ours alone, gone in the end; and when there is none a sentence says why."""

import asyncio
import sys
from pathlib import Path

import pytest

from console.db.session import Session
from console.errors import Refused
from console.migrate.fingerprint.catalogue import fingerprint
from console.migrate.rehearsal.refusal import NotRehearsed, reaches_out
from console.migrate.rehearsal.scratch import Stage, scratch
from tests.migrate.rehearsal.staging import elsewhere, rehearse_up, scratch_databases
from tests.migrate.servers import on_both
from tests.migrate.working import ask, go_up, one, write, write_tables
from tests.targets import target

LOCALE = (
    "select pg_encoding_to_char(encoding), datcollate, datctype from pg_database where datname = current_database()"
)


async def rows(stage: Stage, statement: str) -> list[tuple[object, ...]]:
    return (await stage.session.rows(statement))[1]


@on_both
async def test_it_is_like_the_live_one_and_goes(database: str) -> None:
    ask(database, "create extension pg_trgm; create schema ext; create extension pg_stat_statements schema ext")
    async with scratch(target(database), None, lambda _: None) as stage:
        (name,) = scratch_databases(database)
        assert await rows(stage, "select current_database()::text") == [(name,)]
        assert await rows(stage, LOCALE) == ask(database, LOCALE)
        assert await rows(stage, "select extname::text from pg_extension where extname like 'pg_%' order by 1") == [
            ("pg_stat_statements",),
            ("pg_trgm",),
        ]
    assert scratch_databases(database) == []


async def test_it_looks_for_names_where_the_live_one_does(database: str) -> None:
    name = one(database, "select current_database()")
    ask(database, f"alter database {name} set search_path = app, public")
    async with scratch(target(database), None, lambda _: None) as stage:
        assert await rows(stage, "show search_path") == [("app, public",)]


async def sorted_like(dsn: str, options: str) -> None:
    """A scratch database beside one with these options has its encoding and its way to sort."""
    ask(dsn, f"create database odd template template0 {options}")
    told = "select pg_encoding_to_char(encoding), datlocprovider::text, datcollate from pg_database where datname ="
    try:
        async with scratch(target(elsewhere(dsn, "odd")), None, lambda _: None) as stage:
            assert await rows(stage, f"{told} current_database()") == ask(dsn, f"{told} 'odd'")
    finally:
        ask(dsn, "drop database odd with (force)")


@on_both
async def test_another_encoding(database: str) -> None:
    await sorted_like(database, "encoding 'LATIN1' locale 'C'")


async def test_sorted_by_icu(pg15_database: str) -> None:
    await sorted_like(pg15_database, "locale_provider icu icu_locale 'de' locale 'C'")


async def test_sorted_by_the_server_itself(pg18_database: str) -> None:
    await sorted_like(pg18_database, "locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'")


async def test_an_error_leaves_none(database: str) -> None:
    with pytest.raises(ZeroDivisionError):
        async with scratch(target(database), None, lambda _: None):
            raise ZeroDivisionError
    assert scratch_databases(database) == []


async def test_a_cancelled_one_leaves_none(database: str) -> None:
    inside = asyncio.Event()

    async def hold() -> None:
        async with scratch(target(database), None, lambda _: None):
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hold())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert scratch_databases(database) == []


async def test_what_a_killed_one_left_is_dropped(database: str) -> None:
    command = (sys.executable, "-m", "tests.migrate.rehearsal.holding", database)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    name, pid = (await process.stdout.readline()).decode().split()
    process.kill()
    await process.wait()
    assert scratch_databases(database) == [name]
    ask(database, "select pg_terminate_backend(%s, 60000)", int(pid))  # returns when the server has noticed
    said: list[str] = []
    async with scratch(target(database), None, said.append):
        assert said[0] == f"The scratch database {name} of a rehearsal that died is dropped."
    assert scratch_databases(database) == []


async def test_what_a_dead_one_left_is_dropped_and_nothing_else(pg18_database: str) -> None:
    base = one(pg18_database, "select current_database()")
    dead, strange, living = (f"{base}_emr_scratch_{digit * 8}" for digit in "abc")
    for name in (dead, strange, living, f"{base}_other"):
        ask(pg18_database, f"create database {name} template template0")
    mark = "emr-console rehearsal, backend {} of {}"
    ask(pg18_database, f"comment on database {dead} is '{mark.format(1, '2026-01-01 00:00:00+00')}'")
    ask(pg18_database, f"comment on database {base}_other is '{mark.format(1, '2026-01-01 00:00:00+00')}'")
    try:
        async with await Session.open(target(pg18_database), "test") as session:
            _, ((pid, start),) = await session.rows(
                "select pid, backend_start::text from pg_stat_activity where pid = pg_backend_pid()"
            )
            ask(pg18_database, f"comment on database {living} is '{mark.format(pid, start)}'")
            said: list[str] = []
            async with scratch(target(pg18_database), None, said.append):
                assert said[0] == f"The scratch database {dead} of a rehearsal that died is dropped."
        assert sorted(scratch_databases(pg18_database)) == [strange, living]
        assert one(pg18_database, "select count(*) from pg_database where datname like '%_other'") == 1
    finally:
        for name in (strange, living, f"{base}_other"):
            ask(pg18_database, f"drop database if exists {name}")


async def test_without_createdb_it_says_which_right(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    ask(pg18_database, "create role rehearser")
    try:
        with pytest.raises(NotRehearsed) as caught:
            async with scratch(target(pg18_database), "rehearser", lambda _: None):
                pass
        assert caught.value.message == "not rehearsed: rehearser may not create databases."
        assert 'ALTER ROLE "rehearser" CREATEDB;' in caught.value.hint
        ask(pg18_database, "alter role rehearser createdb")
        for _ in range(3):  # it may not end the superuser's session that is about to end by itself
            async with scratch(target(pg18_database), "rehearser", lambda _: None) as stage:
                assert await rows(stage, "select current_user::text") == [("rehearser",)]
            assert scratch_databases(pg18_database) == []
    finally:
        ask(pg18_database, "drop role rehearser")


async def test_a_scratch_database_that_admits_nobody(pg18_database: str) -> None:
    ask(pg18_database, "create role rehearser login createdb connection limit 1 password 'secret'")
    try:
        with pytest.raises(NotRehearsed, match="not rehearsed: Cannot connect to") as caught:
            async with scratch(target(pg18_database, user="rehearser", password="secret"), None, lambda _: None):
                pass
        assert "pg_hba.conf" in caught.value.hint
        assert scratch_databases(pg18_database) == []
    finally:
        ask(pg18_database, "drop role rehearser")


@pytest.mark.parametrize(
    "statement",
    [
        "create role x",
        "do $$ begin execute 'alter system set work_mem = 1'; end $$",
        "do $$ begin execute format('grant %I to %I', 'a', 'b'); end $$",
        'grant emr_app, "odd one" to ana',
        "revoke admin option for emr_app from ana",
        "copy (select 1) to program 'cat'",
        "drop owned by ana",
        "create database other",
        "select pg_terminate_backend(1)",
    ],
)
def test_what_reaches_out(statement: str) -> None:
    assert reaches_out(statement)


async def test_what_reaches_out_is_not_rehearsed(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="select 1;\ncreate role x")
    with pytest.raises(NotRehearsed, match=r"line 2 of 001_first.+ reaches out of its database"):
        await rehearse_up(pg18_database, tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "grant select, update (a) on t to emr_app",
        "revoke all on all tables in schema public from public",
        "alter default privileges grant select on tables to emr_app",
        "create user mapping for ana server s",
        "comment on table t is 'create role'",
        "create table t (a text default 'drop database')",
        "-- create role\nselect 1",
        "do $$ begin /* alter system */ perform 1; end $$",
    ],
)
def test_what_stays_inside_is(statement: str) -> None:
    assert not reaches_out(statement)


async def test_an_extension_that_is_not_to_be_had(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create extension nothing_of_that_name")
    with pytest.raises(NotRehearsed, match=r"not rehearsed: 001_first.+, line 1: The server refused"):
        await rehearse_up(pg18_database, tmp_path)


async def test_a_ledger_that_cannot_be_run_again(pg18_database: str, tmp_path: Path) -> None:
    ask(pg18_database, "create domain by_hand as int")
    write(tmp_path, "001_first", up="create table first (id by_hand)")
    await go_up(pg18_database, tmp_path)
    write(tmp_path, "002_second", up="select 1")
    with pytest.raises(NotRehearsed, match="what the migrations make could not be made again"):
        await rehearse_up(pg18_database, tmp_path)
    ask(pg18_database, "update emr_console.migration set up_text = 'alter role x superuser'")
    with pytest.raises(Refused, match=r"001_first.up.sql in the ledger is not the text that was applied"):
        await rehearse_up(pg18_database, tmp_path)
    assert scratch_databases(pg18_database) == []


async def test_the_stage_is_empty(database: str) -> None:
    ask(database, "create table tasks (id int)")
    async with scratch(target(database), None, lambda _: None) as stage:
        assert [name for name in (await fingerprint(stage.session)).objects if "table" in name] == []
