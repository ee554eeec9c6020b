"""One connection to real servers: settings, errors, cancel, pooler, odd values."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from pydantic import BaseModel

from console.db.pipeline import Request
from console.db.query import Query
from console.db.session import Session
from console.errors import (
    ConnectionFailed,
    ConnectionLost,
    ConsoleError,
    Exit,
    LockTimeout,
    NoPrivilege,
    ReadOnlyServer,
    StatementFailed,
    TimedOut,
    UsageError,
)
from tests.fixtures.pooler import Pooler
from tests.migrate.servers import on_both
from tests.targets import target

PACKAGE = "tests.db"
NUMBER, SERIES, MOMENTS, DIVIDE, SLEEP = (
    Query(PACKAGE, name) for name in ("number", "series", "moments", "divide", "sleep")
)


class Number(BaseModel, frozen=True, extra="forbid"):
    number: int


class Word(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    number: str


class Moments(BaseModel, frozen=True, extra="forbid"):
    never: datetime | None
    forever: datetime | None
    no_day: datetime | None
    long_ago: datetime | None
    once: datetime


async def until(session: Session, statement: str, answer: int) -> None:
    """Ask again and again; the query's own round trip is the pause, the test's time-out the end."""
    while (await session.rows(statement))[1] != [(answer,)]:
        pass


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
async def test_a_pipeline_answers_around_a_failure(database: str) -> None:
    good = [Request(NUMBER, Number, {"number": n}) for n in range(3)]
    bad = Request(DIVIDE, Number, {"number": 0})
    misfit = Request(NUMBER, Word, {"number": 1})
    async with await Session.open(target(database), "poll", read_only=True) as session:
        answers = await session.pipeline(good[0], bad, good[1], misfit, good[2])
        assert [answers.rows(request) for request in good] == [[Number(number=n)] for n in range(3)]
        with pytest.raises(StatementFailed):
            answers.rows(bad)
        error = answers.error(bad)
        assert error is not None
        assert error.sqlstate == "22012"
        assert "does not fit" in str(answers.error(misfit))
        assert answers.error(good[0]) is None


@pytest.mark.parametrize("times", range(7))
async def test_a_failure_spoils_nothing_that_is_asked_later(database: str, times: int) -> None:
    """The driver prepares at the sixth time, and would take for prepared what the server dropped with the failure."""
    good, bad = Request(NUMBER, Number, {"number": 1}), Request(DIVIDE, Number, {"number": 0})
    async with await Session.open(target(database), "poll", read_only=True) as session:
        for _ in range(times):
            await session.pipeline(good)
        for requests in ((bad, good), (good,), (good, bad), (good,)):
            assert (await session.pipeline(*requests)).rows(good) == [Number(number=1)]


@pytest.mark.parametrize("times", [4, 5])
async def test_nor_does_a_question_that_was_given_up(pg18_database: str, times: int) -> None:
    good = Request(NUMBER, Number, {"number": 1})
    where = target(pg18_database)
    async with await Session.open(where, "poll") as session, await Session.open(where, "watch") as watcher:
        for _ in range(times):
            await session.pipeline(good)
        task = asyncio.create_task(session.pipeline(Request(SLEEP, Number), good))
        await until(watcher, sleeping(session), 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(2):
            assert (await session.pipeline(good)).rows(good) == [Number(number=1)]


def sleeping(session: Session) -> str:
    """Counts a session's statement while it runs."""
    return f"select count(*) from pg_stat_activity where pid = {session.pid} and wait_event = 'PgSleep'"


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


async def test_a_cancelled_task_cancels_on_the_server_and_the_session_lives(database: str) -> None:
    async with (
        await Session.open(target(database), "query") as session,
        await Session.open(target(database), "watch") as watcher,
    ):
        running = f"select count(*) from pg_stat_activity where pid = {session.pid} and state = 'active'"
        task = asyncio.create_task(session.execute("select pg_sleep(60)"))
        await until(watcher, running, 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(watcher, running, 0)
        assert await session.fetch_one(NUMBER, Number, number=1) == Number(number=1)


async def test_who_asks_while_another_is_being_cancelled_gets_an_answer(database: str) -> None:
    """A pane that is left cancels its question, and the next pane asks in the same moment."""
    async with await Session.open(target(database), "poll", read_only=True) as session:
        for _ in range(50):
            left = asyncio.create_task(session.pipeline(*(Request(NUMBER, Number, {"number": n}) for n in range(3))))
            await asyncio.sleep(0)
            left.cancel()
            answers = await session.pipeline(request := Request(NUMBER, Number, {"number": 7}))
            assert answers.rows(request) == [Number(number=7)]
            await asyncio.wait([left])


async def test_two_pipelines_at_once_both_get_their_answers(database: str) -> None:
    async with await Session.open(target(database), "poll", read_only=True) as session:
        requests = [Request(NUMBER, Number, {"number": n}) for n in range(50)]
        answers = await asyncio.gather(*(session.pipeline(request) for request in requests))
        assert [a.rows(r)[0].number for a, r in zip(answers, requests, strict=True)] == list(range(50))


async def test_a_terminated_session_is_lost(database: str) -> None:
    async with (
        await Session.open(target(database), "act") as victim,
        await Session.open(target(database), "act") as killer,
    ):
        await killer.rows(f"select pg_terminate_backend({victim.pid}, 5000)")
        with pytest.raises(ConnectionLost):
            await victim.execute("select 1")
        with pytest.raises(ConnectionLost):
            await victim.execute("select 1")
        assert victim.closed


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
        await session.fetch(NUMBER, Number, number=4711)
        await session.execute("select 'Doe'")
    assert "tests.db/number" in caplog.text
    assert "select ?" in caplog.text
    assert "4711" not in caplog.text
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
