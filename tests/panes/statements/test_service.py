"""What statements cost, against the counters of real servers."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from math import inf

import psycopg
import pytest

from console.cli.main import run
from console.db.database import Database
from console.demo.server import Cluster
from console.errors import NoPrivilege
from console.panes.statements.intervals import following
from console.panes.statements.models import Snapshot, Statement, Totals
from console.panes.statements.reset import reset
from console.panes.statements.service import INTERVAL, Reader
from tests.fixtures.databases import fresh
from tests.fixtures.running import private_folder, running
from tests.migrate.servers import on_both
from tests.targets import target

SCHEMA = 'odd "schema" %s'
QUOTED = '"odd ""schema"" %s"'


@pytest.fixture
def counted(cluster: Cluster) -> Iterator[str]:
    """A database whose statements are counted since just now; the extension is where nobody looks for it."""
    with fresh(cluster) as dsn, psycopg.connect(dsn, autocommit=True) as admin:
        create_extension(admin)
        yield dsn


def create_extension(admin: psycopg.Connection) -> None:
    admin.execute(f"create schema {QUOTED}".encode())
    admin.execute(f"create extension pg_stat_statements schema {QUOTED}".encode())
    admin.execute(f"select {QUOTED}.pg_stat_statements_reset()".encode())


@asynccontextmanager
async def reader(dsn: str, **changed: str) -> AsyncIterator[Reader]:
    async with Database(target(dsn, **changed)) as db:
        yield Reader(db)


@contextmanager
def somebody(admin: psycopg.Connection, name: str) -> Iterator[dict[str, str]]:
    """A role without any special right, and how to sign in as it."""
    admin.execute(f"drop role if exists {name}".encode())
    admin.execute(f"create role {name} login password 'x'".encode())
    try:
        yield {"user": name, "password": "x", "passfile": "/nonexistent"}
    finally:
        admin.execute(f"drop owned by {name}".encode())
        admin.execute(f"drop role {name}".encode())


def named(snapshot: Snapshot, part: str) -> Statement:
    (found,) = [statement for statement in snapshot.statements if part in (statement.query or "")]
    return found


@on_both
async def test_counters_texts_and_the_page_of_one_statement(counted: str) -> None:
    with psycopg.connect(counted, autocommit=True) as app:
        app.execute("create table t as select n, 'Doe' || n as name from generate_series(1, 1000) n")
        for n in range(4):
            app.execute(b"select * from t where name <> %s limit 500", [f"Doe{n}"])
    async with reader(counted) as reading:
        snapshot = await reading.read(by="rows")
        found = named(snapshot, "from t where name")
        whole = await reading.whole(found)
    assert snapshot.totals is not None
    assert (found.calls, found.rows, found.query) == (4, 2000, "select * from t where name <> $1 limit $2")
    assert 0 < found.total_time < snapshot.totals.total_time
    assert 0 < (found.share or 0) < 1
    assert found.hit_ratio is not None
    rows = [statement.rows for statement in snapshot.statements]
    assert rows == sorted(rows, reverse=True)
    assert whole is not None
    assert whole.counters["calls"] == 4
    assert {"total_plan_time", "wal_records"} <= set(whole.counters)


async def test_no_literal_of_a_statement_whose_values_the_server_keeps(counted: str) -> None:
    with psycopg.connect(counted, autocommit=True) as app:
        app.execute("prepare p as select '123-45-6789', $1::text")
        app.execute("comment on database postgres is 'John Doe'")
    async with reader(counted) as reading:
        texts = [statement.query for statement in (await reading.read()).statements]
    assert any("comment on database postgres is ?" in (text or "") for text in texts)
    assert not any("Doe" in (text or "") or "6789" in (text or "") for text in texts)


@on_both
async def test_an_interval_shows_what_ended_in_it(counted: str) -> None:
    with psycopg.connect(counted, autocommit=True) as app:
        app.execute("select pg_sleep(0.001) as often")
        async with reader(counted) as reading:
            assert (await reading.read(now=True)).seconds is None
            app.execute("create table born (id int)")
            for _ in range(3):
                app.execute("select pg_sleep(0.05) as often")
            interval = await reading.read(now=True)
    assert (interval.seconds or 0) > 0.15
    assert named(interval, "born").calls == 1
    often = named(interval, "often")
    assert often is interval.statements[0]
    assert (often.query, often.calls, often.rows) == ("select pg_sleep($1) as often", 3, 3)
    assert 0.15 <= often.total_time < 2
    assert often.stddev_time < 0.05
    assert 0.5 < (often.share or 0) <= 1


async def test_the_ids_are_sent_again_when_they_are_others(counted: str) -> None:
    with psycopg.connect(counted, autocommit=True) as app:
        async with Database(target(counted)) as db:
            first = await totals(db, known=None)
            first = await totals(db, known=first.fingerprint)  # the question itself is a statement now
            again = await totals(db, known=first.fingerprint)
            app.execute("select 1 as newcomer")
            last = await totals(db, known=first.fingerprint)
    assert first.queryids is not None
    assert (again.queryids, again.entries) == (None, len(first.queryids))
    assert following(first, again).queryids == first.queryids
    assert following(None, again).queryids is None
    assert len(set(last.queryids or ()) - set(first.queryids)) == 1


async def totals(db: Database, known: int | None) -> Totals:
    (found,) = await db.fetch(INTERVAL.in_schema(SCHEMA), Totals, watched=[], least=inf, known=known)
    return found


async def test_sums_are_read_again_on_request_and_the_interval_goes_on(counted: str) -> None:
    with psycopg.connect(counted, autocommit=True) as app:
        async with reader(counted) as reading:
            first = await reading.read()
            app.execute("select 1 as one_more")
            assert (await reading.read()).totals == first.totals
            reading.forget()
            again = await reading.read(now=True)
            reading.forget()
            assert (await reading.read(now=True)).seconds is not None
    assert first.totals is not None
    assert again.totals is not None
    assert again.totals.entries > first.totals.entries


async def test_what_gets_hot_is_found_however_little_it_took_before(counted: str) -> None:
    with psycopg.connect(counted, autocommit=True) as app:
        app.execute("select pg_sleep(0.5), 1 as dearest")
        app.execute("select pg_sleep(0.001) as late")
        async with reader(counted) as reading:
            for _ in range(4):  # seen to be hot, watched, and then counted twice
                interval = await reading.read(limit=1, now=True)
                app.execute("select pg_sleep(0.05) as late")
    (late,) = interval.statements
    assert (late.query, late.calls) == ("select pg_sleep($1) as late", 1)


@on_both
async def test_after_a_reset_the_interval_begins_anew_and_the_action_is_recorded(counted: str, home: object) -> None:
    with psycopg.connect(counted, autocommit=True) as app:
        async with Database(target(counted)) as db:
            reading = Reader(db)
            app.execute("select 1 as before")
            await reading.read(now=True)
            kept = await reset(db, SCHEMA, "after the release")
            again = await reading.read(now=True)
    assert (again.seconds, list(again.statements)) == (None, [])
    assert kept.file is not None, "this database has no emr_console.event"
    event = json.loads(kept.file.read_text())
    assert (event["kind"], event["outcome"], event["reason"]) == ("statements.reset", "done", "after the release")


async def test_a_role_without_rights_is_told_what_is_hidden_and_may_not_reset(counted: str, home: object) -> None:
    with psycopg.connect(counted, autocommit=True) as admin, somebody(admin, "nobody_counts") as signing_in:
        admin.execute("select 'secret' as hidden_from_others")
        async with Database(target(counted, **signing_in)) as db:
            refused = await Reader(db).read()
            assert refused.unavailable.endswith(f'GRANT USAGE ON SCHEMA {QUOTED} TO "nobody_counts";')
            admin.execute(refused.unavailable.partition("allow it: ")[2].encode())
            seen = await Reader(db).read()
            with pytest.raises(NoPrivilege) as error:
                await reset(db, SCHEMA, "because")
            admin.execute(error.value.hint.partition("allow it: ")[2].encode())
            await reset(db, SCHEMA, "because")
    assert seen.totals is not None
    assert seen.totals.hidden > 0
    assert seen.grant == 'GRANT pg_read_all_stats TO "nobody_counts";'
    assert not any("hidden_from" in (statement.query or "") for statement in seen.statements)


async def test_what_runs_is_shown_with_the_extension_and_without(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        asleep = await psycopg.AsyncConnection.connect(database, autocommit=True)
        async with asleep, reader(database) as reading:
            task = asyncio.create_task(asleep.execute("select pg_sleep(600), 'Doe'"))
            while not (without := await reading.read()).running:
                pass
            create_extension(admin)
            with_it = await reading.read()
            task.cancel()
            await asyncio.wait([task])
    assert without.unavailable.endswith("CREATE EXTENSION pg_stat_statements;")
    assert (list(without.statements), without.totals) == ([], None)
    assert with_it.unavailable == ""
    for snapshot in (without, with_it):
        (still,) = snapshot.running
        assert (still.query, still.wait_event) == ("select pg_sleep(?), ?", "PgSleep")
        assert still.age >= 1


async def test_an_extension_that_is_dropped_is_noticed(counted: str) -> None:
    with psycopg.connect(counted, autocommit=True) as admin:
        async with reader(counted) as reading:
            await reading.read()
            admin.execute("drop extension pg_stat_statements")
            with pytest.raises(Exception, match="does not exist"):
                await reading.read()
            assert "is not created" in (await reading.read()).unavailable


@pytest.fixture(scope="module")
def unloaded(pg18: Cluster) -> Iterator[Cluster]:
    """A server that loads no library."""
    with private_folder() as folder, running(pg18.bindir, folder, {"shared_preload_libraries": ""}) as server:
        yield server


@pytest.fixture(scope="module")
def small(pg18: Cluster) -> Iterator[Cluster]:
    """A server that keeps as few statements as it can be told to."""
    with private_folder() as folder, running(pg18.bindir, folder, {"pg_stat_statements.max": "100"}) as server:
        yield server


async def test_at_its_maximum(small: Cluster) -> None:
    with fresh(small) as dsn, psycopg.connect(dsn, autocommit=True) as app:
        create_extension(app)
        async with reader(dsn) as reading:
            await reading.read(now=True)
            for columns in range(1, 150):
                app.execute(f"select {', '.join(['1'] * columns)}".encode())
            full = await reading.read(now=True)
            calm = await reading.read(now=True)
    assert full.totals is not None
    assert full.place is not None
    assert full.totals.thrown_away > 0
    assert full.totals.entries <= 100 == full.place.largest
    assert (full.filling, calm.filling) == (True, False)


async def test_created_but_not_loaded(unloaded: Cluster) -> None:
    with fresh(unloaded) as dsn, psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute("create extension pg_stat_statements")
        async with reader(dsn) as reading:
            said = (await reading.read()).unavailable
        with somebody(admin, "nobody_counts") as signing_in:
            async with reader(dsn, **signing_in) as reading:
                less = (await reading.read()).unavailable
    line = "shared_preload_libraries = 'pg_stat_statements'"
    assert said == (
        "The library pg_stat_statements is not loaded."
        f" To load it, put {line} into postgresql.conf and restart the server"
    )
    assert "add it to shared_preload_libraries" in less


def test_json_holds_the_contract(counted: str, capsys: pytest.CaptureFixture[str]) -> None:
    with psycopg.connect(counted, autocommit=True) as app:
        app.execute("select '123-45-6789' as ssn")
    assert run(["--dsn", counted, "statements", "--json", "--limit", "20", "--order", "calls"]) == 0
    out = capsys.readouterr().out
    found = json.loads(out)
    assert {"as_of", "flavour", "server", "rows", "running", "since"} <= set(found)
    promised = {"queryid", "calls", "total_time", "mean_time", "rows", "hit_ratio", "temp_bytes", "query"}
    assert promised <= set(found["rows"][0])
    assert "123-45" not in out
    assert run(["--dsn", counted, "statements", "--limit", "3"]) == 0
    assert capsys.readouterr().out.startswith("share\ttotal\tmean\t")
    assert run(["--dsn", counted, "statements", "--limit", "0"]) == 2


def test_without_the_extension_it_says_so_and_ends_well(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--dsn", database, "statements", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == []
    assert "CREATE EXTENSION pg_stat_statements;" in found["unavailable"]
