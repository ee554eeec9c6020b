"""One connection to real servers: settings, models, errors, pooler, odd values."""

import logging
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from pydantic import BaseModel

from console.db.query import Query
from console.db.session import Session
from console.errors import (
    ConnectionFailed,
    ConsoleError,
    Exit,
    LockTimeout,
    NoPrivilege,
    ReadOnlyServer,
    StatementFailed,
    TimedOut,
    UsageError,
)
from tests.db.asking import MOMENTS, NUMBER, PACKAGE, Number, Word
from tests.fixtures.pooler import Pooler
from tests.migrate.servers import on_both
from tests.targets import target


class Moments(BaseModel, frozen=True, extra="forbid"):
    never: datetime | None
    forever: datetime | None
    no_day: datetime | None
    long_ago: datetime | None
    once: datetime


async def setting(session: Session, name: str) -> str:
    _, rows = await session.rows(f"select current_setting('{name}')")
    return str(rows[0][0])


@on_both
async def test_settings_hold_from_the_start(database: str) -> None:
    settings = {"statement_timeout": "1500", "lock_timeout": "100"}
    async with await Session.open(target(database), "poll", settings=settings, read_only=True) as session:
        assert await setting(session, "statement_timeout") == "1500ms"
        assert await setting(session, "TimeZone") == "UTC"
        assert (await setting(session, "application_name")).startswith("emr-console:poll:")
        with pytest.raises(ReadOnlyServer) as refused:
            await session.execute("create table t ()")
    assert refused.value.exit is Exit.READ_ONLY
    assert session.closed


async def test_a_setting_that_does_not_hold_is_refused(database: str) -> None:
    """pg_settings answers in kB, so that this one differs from what was asked for."""
    with pytest.raises(UsageError, match="did not take the setting work_mem = 4MB"):
        await Session.open(target(database), "poll", settings={"work_mem": "4MB"})


@on_both
async def test_facts_of_the_server(database: str) -> None:
    async with await Session.open(target(database), "poll", read_only=True) as session:
        server = await session.server()
    assert server.major in (15, 18)
    assert server.flavour == "plain"
    assert server.superuser
    assert server.has_role("pg_monitor")
    assert not server.in_recovery
    assert server.environment is None


async def test_the_database_may_call_itself_production(database: str) -> None:
    async with await Session.open(target(database), "act") as session:
        name = (await session.server()).database
        await session.execute(f"alter database {name} set emr.environment = 'production'")
    async with await Session.open(target(database), "poll") as session:
        assert (await session.server()).environment == "production"


async def test_rows_become_frozen_models(database: str) -> None:
    async with await Session.open(target(database), "poll", read_only=True) as session:
        assert await session.fetch_one(NUMBER, Number, number=7) == Number(number=7)
        with pytest.raises(ConsoleError, match="does not fit Word \\(column number\\)") as misfit:
            await session.fetch(NUMBER, Word, number=4711)
    assert "4711" not in misfit.value.sentence()


async def test_infinite_times_are_none(database: str) -> None:
    async with await Session.open(target(database), "poll", read_only=True) as session:
        moments = await session.fetch_one(MOMENTS, Moments)
    once = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert moments == Moments(never=None, forever=None, no_day=None, long_ago=None, once=once)


@on_both
async def test_variants_are_chosen_by_the_server(database: str) -> None:
    async with await Session.open(target(database), "poll", read_only=True) as session:
        expected = 17 if (await session.server()).major >= 17 else 14
        assert (await session.fetch_one(Query(PACKAGE, "variant"), Number)).number == expected


async def test_a_value_never_stands_in_an_error(database: str) -> None:
    async with await Session.open(target(database), "act") as session:
        await session.execute("create table patient (mrn text primary key)")
        await session.execute("insert into patient values ('TEST-4711')")
        with pytest.raises(StatementFailed) as double:
            await session.execute("insert into patient values ('TEST-4711')")
        with pytest.raises(StatementFailed) as wrong:
            await session.execute("select 'Doe'::uuid")
        with pytest.raises(StatementFailed) as raised:
            await session.execute("do $$ begin raise exception 'patient Doe' using detail = 'Doe'; end $$")
    assert "UniqueViolation (constraint patient_pkey, table patient)" in double.value.message
    for error in (double.value, wrong.value, raised.value):
        assert "Doe" not in error.sentence()
        assert "4711" not in error.sentence()


async def test_a_syntax_error_keeps_its_words_and_place(database: str) -> None:
    async with await Session.open(target(database), "act") as session:
        with pytest.raises(StatementFailed, match='syntax error at or near "tabel"') as failed:
            await session.execute("create tabel t ()")
    assert failed.value.diagnosis is not None
    assert failed.value.diagnosis.position == 8


async def test_statement_and_lock_timeouts(database: str) -> None:
    settings = {"statement_timeout": "50", "lock_timeout": "20"}
    async with (
        await Session.open(target(database), "act") as holder,
        await Session.open(target(database), "poll", settings=settings) as session,
    ):
        with pytest.raises(TimedOut):
            await session.execute("select pg_sleep(30)")
        await holder.execute("create table t ()")
        async with holder.transaction():
            await holder.execute("lock table t in access exclusive mode")
            with pytest.raises(LockTimeout) as blocked:
                await session.execute("select * from t")
    assert blocked.value.exit is Exit.LOCK_BUDGET


async def test_a_transaction_commits_or_rolls_back(database: str) -> None:
    async with await Session.open(target(database), "act") as session:
        async with session.transaction():
            await session.execute("create table kept (id int)")
        with pytest.raises(StatementFailed):
            await lose(session)
        assert not session.in_transaction
        _, rows = await session.rows("select to_regclass('kept') is not null, to_regclass('lost') is null")
    assert rows == [(True, True)]


async def lose(session: Session) -> None:
    async with session.transaction():
        await session.execute("create table lost (id int)")
        await session.execute("select 1/0")


async def test_copy_in(database: str) -> None:
    async with await Session.open(target(database), "act") as session:
        await session.execute('create table "odd ""table" (a int, "b c" text)')
        async with session.copy_in('"odd ""table"', ["a", "b c"]) as copy:
            await copy.write_row((1, "one"))
            await copy.write(b"2\ttwo\n")
        _, rows = await session.rows('select * from "odd ""table" order by 1')
    assert rows == [(1, "one"), (2, "two")]


async def test_no_privilege(database: str) -> None:
    async with await Session.open(target(database), "act") as session:
        await session.execute("create table secret ()")
        await session.execute("set role pg_monitor")
        with pytest.raises(NoPrivilege) as denied:
            await session.rows("select * from secret")
    assert denied.value.exit is Exit.NO_PRIVILEGE


@on_both
async def test_wrong_encoding_does_not_empty_the_answer(database: str) -> None:
    """What a session of a LATIN1 database says stands in pg_stat_activity in its own bytes."""
    administer(database, "create database latin template template0 encoding LATIN1 locale_provider libc locale 'C'")
    try:
        with psycopg.connect(database, dbname="latin", client_encoding="latin1", autocommit=True) as other:
            other.execute("select 'José'")
            async with await Session.open(target(database), "poll") as session:
                _, rows = await session.rows("select query from pg_stat_activity where datname = 'latin'")
        assert rows == [(r"select 'Jos\xe9'",)]
    finally:
        administer(database, "drop database latin with (force)")


def administer(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"host": "/nonexistent"}, "No such file"),
        ({"host": "127.0.0.1", "port": "1"}, "refused"),
        ({"passfile": "/nonexistent", "password": "wrong"}, "password"),
        ({"passfile": "/nonexistent"}, "password"),
        ({"dbname": "nowhere"}, "nowhere"),
    ],
)
async def test_no_connection_is_one_sentence(database: str, changed: dict[str, str], said: str) -> None:
    with pytest.raises(ConnectionFailed, match=said) as failed:
        await Session.open(target(database, **changed), "poll")
    assert failed.value.exit is Exit.CONNECTION
    assert "\n" not in failed.value.sentence()
    assert "wrong" not in failed.value.sentence()


async def test_a_pooler_is_refused(pgbouncer: Pooler) -> None:
    with pytest.raises(UsageError, match="connection pooler") as refused:
        await Session.open(target(pgbouncer.dsn("postgres")), "poll", read_only=True)
    assert refused.value.exit is Exit.USAGE


async def test_traced_statements_hold_no_values(database: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "console.sql")
    async with await Session.open(target(database), "poll") as session:
        await session.fetch(NUMBER, Number, number=987654321)
        await session.execute("select 'Doe'")
    assert "tests.db/number" in caplog.text
    assert "select ?" in caplog.text
    assert "987654321" not in caplog.text
    assert "Doe" not in caplog.text


async def test_whatever_a_database_is_set_to_it_can_be_read(database: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"alter database {name} set DateStyle = 'SQL, DMY'")
        connection.execute(f"alter database {name} set IntervalStyle = 'sql_standard'")
        connection.execute(f"alter database {name} set standard_conforming_strings = off")
        connection.execute(f"alter database {name} set jit = on")
        connection.execute(f"alter database {name} set exit_on_error = on")
        connection.execute(f"alter database {name} set idle_session_timeout = 50")
        connection.execute(f"alter database {name} set default_transaction_isolation = 'serializable'")
    async with await Session.open(target(database), "test") as session:
        _, rows = await session.rows(
            r"select timestamptz '2026-03-14 12:00+00', interval '1 day', '\s', current_setting('jit')"
        )
        with pytest.raises(StatementFailed):
            await session.execute("select 1 / 0")
        assert await setting(session, "idle_session_timeout") == "0"
        assert await setting(session, "transaction_isolation") == "read committed"
    assert rows == [(datetime(2026, 3, 14, 12, tzinfo=UTC), timedelta(days=1), "\\s", "off")]
