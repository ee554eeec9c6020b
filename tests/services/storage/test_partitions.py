"""Storage of the plain flavour, on real partitions: bounds, sizes, strays, locks, holds, what goes next."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from console.db.database import LANES, Database
from console.db.session import Session
from console.demo.server import Cluster
from console.errors import ConsoleError, LockTimeout, Unsupported, UsageError
from console.services.capabilities import Ability, capabilities
from console.services.retention import holding
from console.services.storage import aggregates, chunks, tables
from console.services.storage.aggregates import read_aggregates
from console.services.storage.chunks import Chunks, look, read_chunks
from console.services.storage.definition import definition, of_table
from console.services.storage.exact import measure
from console.services.storage.retention_reading import read_retention
from console.services.storage.tables import Table, measure_tables, named, read_tables
from tests.fixtures.databases import fresh
from tests.migrate.servers import copied, on_both
from tests.migrate.working import ask, one
from tests.targets import target

ODD = '"odd schema"."by ""day"""'

WARD = f"""
create schema "odd schema";
create table {ODD} (day date not null, ward int, note text) partition by range (day);
create table "odd schema"."first days" partition of {ODD} for values from (minvalue) to ('2026-01-01');
create table "odd schema".january partition of {ODD} for values from ('2026-01-01') to ('2026-02-01');
create table "odd schema".march partition of {ODD} for values from ('2026-03-01') to (maxvalue);
create table "odd schema".rest partition of {ODD} default;
create index on {ODD} (ward);
insert into {ODD} select '2026-01-01'::date + n % 31, n, repeat('x', 3000) || n from generate_series(1, 500) n;
insert into {ODD} values ('2026-02-14', 1, 'a stray');
create table numbered (id bigint not null, at timestamp not null) partition by range (id, at);
create table numbered_0 partition of numbered for values from (-1000, minvalue) to (0, minvalue);
create table numbered_1 partition of numbered for values from (0, minvalue) to (1000, '2026-01-01 00:00');
create table named (name text not null) partition by range (name);
create table named_a partition of named for values from ('a') to ('b) TO (c');
create table deep (at timestamptz not null, id int not null) partition by range (at);
create table deep_2026 partition of deep for values from ('2026-01-01') to ('2027-01-01') partition by range (id);
create table deep_2026_0 partition of deep_2026 for values from (0) to (100);
create table listed (kind text) partition by list (kind);
vacuum analyze;
"""


@pytest.fixture(scope="module")
def ward(cluster: Cluster) -> Iterator[str]:
    """Partitions of many kinds, to be copied."""
    with fresh(cluster) as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            for statement in filter(str.strip, WARD.split(";\n")):
                connection.execute(statement.encode())
        yield dsn


@pytest.fixture
def database(cluster: Cluster, ward: str) -> Iterator[str]:
    """A copy of them."""
    with copied(cluster, ward) as dsn:
        yield dsn


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    async with Database(target(database)) as opened:
        yield opened


async def table(db: Database, name: str) -> Table:
    return named((await read_tables(db, await measure_tables(db))).tables, name)


async def parts(db: Database, name: str) -> Chunks:
    divided = (await table(db, name)).divided
    return await read_chunks(db, divided, await look(db, divided))


def day(month: int, of: int = 1) -> datetime:
    return datetime(2026, month, of, tzinfo=UTC)


async def test_what_plain_postgresql_cannot_do_is_a_sentence(db: Database) -> None:
    able = await capabilities(db)
    assert able is await capabilities(db)  # asked once
    assert able.missing(Ability.COMPRESSION) == (
        "Compressed chunks need TimescaleDB, which is not created in this database."
    )
    with pytest.raises(Unsupported, match="pg_cron is not installed in this database"):
        able.require(Ability.PG_CRON)


@on_both
async def test_bounds_are_read_whatever_the_key(db: Database) -> None:
    assert [t.label for t in (await read_tables(db)).tables] == ["deep", "deep_2026", "named", "numbered", ODD]
    days = (await parts(db, ODD)).chunks
    assert [(c.part.chunk_name, c.start, c.end) for c in days] == [
        ("first days", None, day(1)), ("january", day(1), day(2)), ("march", day(3), None), ("rest", None, None),
    ]  # fmt: skip
    assert [c.state for c in days] == ["uncompressed"] * 3 + ["default"]
    assert [(c.start, c.end) for c in (await parts(db, "numbered")).chunks] == [(-1000, 0), (0, 1000)]
    assert [(c.start, c.end) for c in (await parts(db, "named")).chunks] == [(None, None)]
    (deep,) = (await parts(db, "deep")).chunks
    assert (deep.start, deep.bytes) == (day(1), None)  # its own partitions are listed by themselves
    with pytest.raises(UsageError, match="listed is no hypertable"):
        await table(db, "listed")


async def test_what_has_not_changed_is_not_worked_out_again(db: Database, database: str) -> None:
    first = await parts(db, "numbered")
    again = await read_chunks(db, first.table, first.looked, first)
    assert again.chunks is first.chunks
    ask(database, "insert into numbered values (7, '2025-01-01')")
    ask(database, "analyze numbered_1")
    after = await read_chunks(db, first.table, first.looked, again)
    assert [(c.part.rows, c.part is old.part) for c, old in zip(after.chunks, first.chunks, strict=True)] == [
        (0, True), (1, False),
    ]  # fmt: skip


@on_both
async def test_a_table_comes_to_what_its_files_are(db: Database, database: str) -> None:
    found = await table(db, ODD)
    whole = one(
        database,
        "select sum(pg_total_relation_size(inhrelid))::bigint from pg_inherits"
        f" where inhparent = '{ODD}'::regclass",
    )  # fmt: skip
    assert found.bytes == pytest.approx(whole, rel=0.1)
    assert found.as_json()["rows"] == 501
    assert sum(chunk.bytes or 0 for chunk in (await parts(db, ODD)).chunks) == found.bytes
    assert found.sums is not None
    assert (found.sums.chunks, found.sums.default_rows) == (3, 1)
    assert found.width == 31 * 86_400
    january = next(chunk for chunk in (await parts(db, ODD)).chunks if chunk.part.chunk_name == "january")
    (exact,) = await measure(db, found.divided, [january])
    assert (exact.rows, exact.bytes) == (500, one(database, "select pg_total_relation_size('\"odd schema\".january')"))


@on_both
async def test_a_definition_makes_the_same_again(db: Database, database: str) -> None:
    found = await table(db, ODD)
    pieces = [await definition(db, chunk.part.oid) for chunk in (await parts(db, ODD)).chunks]
    text = "\n".join([await of_table(db, found), *pieces])
    ask(database, f"drop table {ODD}")
    for statement in text.split(";\n"):
        if "CREATE INDEX" not in statement:  # the parts' own come with the table's
            ask(database, statement)
    assert "PARTITION BY RANGE (day)" in text
    assert [c.part.chunk_name for c in (await parts(db, ODD)).chunks] == ["first days", "january", "march", "rest"]


async def test_who_empties_a_partition_keeps_nobody_from_reading_the_list(
    db: Database, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LANES, "query", LANES["query"] | {"lock_timeout": "50"})
    divided = (await table(db, ODD)).divided
    listed = (await read_chunks(db, divided)).chunks
    with psycopg.connect(database) as other:
        other.execute('lock table "odd schema".january in access exclusive mode')
        assert len((await read_chunks(db, divided, await look(db, divided))).chunks) == 4
        assert len((await read_tables(db, await measure_tables(db))).tables) == 5
        with pytest.raises(LockTimeout):
            await measure(db, divided, listed)


async def test_a_table_that_is_dropped_while_it_is_shown_is_said_to_be_gone(db: Database, database: str) -> None:
    divided = (await table(db, ODD)).divided
    ask(database, f"drop table {ODD}")
    ask(database, f"create table {ODD} (day date) partition by range (day)")
    with pytest.raises(ConsoleError, match="is gone: somebody has dropped it, or made it anew"):
        await read_chunks(db, divided, await look(db, divided))


async def test_the_seed_s_own_check_agrees(migrated: str) -> None:
    ask(migrated, "analyze")
    ((oldest, newest, total, _, rows, _),) = ask(migrated, "select * from check_audit_retention_status()")
    async with Database(target(migrated)) as db:
        found = await parts(db, "audit_logs")
        retention = {each.label: each for each in (await read_retention(db)).tables}
        sums = (await table(db, "audit_logs")).sums
    ranged = [chunk for chunk in found.chunks if chunk.state != "default"]
    assert (ranged[0].start, ranged[-1].end, len(ranged)) == (oldest, newest, total)
    assert sums is not None
    assert (sums.chunks, sums.rows) == (total, rows)
    audit = retention["audit_logs"]
    assert (audit.oldest, audit.floor, audit.as_json()["mechanism"]) == (oldest, 2_192 * 86_400, None)


async def test_holds_mechanisms_and_backups(pg18_migrated: str) -> None:
    """pg_cron is recorded: its table of jobs, without the program."""
    ask(
        pg18_migrated, "select audit_ensure_partitions(now() - interval '8 years', now() - interval '6 years 364 days')"
    )
    ask(pg18_migrated, "create table audit_logs_backup_20260101000000 as select 1 as id from generate_series(1, 7)")
    ask(pg18_migrated, "insert into emr_console.event (kind, operator, detail) values ('maintain.retire', 'ana', '{}')")
    ask(pg18_migrated, "create schema cron")
    ask(pg18_migrated, "create table cron.job (jobid bigint, schedule text, command text, database text, active bool)")
    for number, command in ((3, "delete from audit_logs where true"), (4, "select count(*) from audit_logs")):
        job = "insert into cron.job values (%s, '0 3 * * *', %s, current_database(), true)"
        ask(pg18_migrated, job, number, command)
    ask(pg18_migrated, "analyze")
    async with await Session.open(target(pg18_migrated), "test") as session:
        await holding.place(session, "audit_logs", "case 4711", "a court has asked for them")
    async with Database(target(pg18_migrated)) as db:
        found = {each.label: each for each in (await read_retention(db)).tables}
    audit, backup = found["audit_logs"], found["audit_logs_backup_20260101000000"]
    shown = audit.as_json()
    assert (shown["mechanism"], shown["hold"], shown["verdict"]) == ("maintain", "case 4711", "kept")
    assert "emr-console maintain and by job 3 of pg_cron" in audit.conflict
    due = one(pg18_migrated, """select count(*) from pg_class where relname ~ '^audit_logs_p\\d{8}$'
                    and substring(relname from '\\d{8}')::date + 7 <= now() - interval '7 years'""")  # fmt: skip
    assert len(audit.going) == min(due, 50) > 1
    assert all(chunk.end <= datetime.now(UTC) - timedelta(days=2_556) for chunk in audit.going)  # type: ignore[operator]
    assert (backup.rows, backup.backup, backup.floor) == (7, True, 2_192 * 86_400)
    assert any("which no search reads" in sentence for sentence in backup.sentences)


async def test_a_role_with_nothing_sees_the_lists_and_is_told_the_rest(pg18_migrated: str) -> None:
    ask(pg18_migrated, "drop role if exists storage_guest")
    ask(pg18_migrated, "create role storage_guest login password 'x'")
    try:
        async with Database(target(pg18_migrated, user="storage_guest", password="x")) as db:
            assert [t.label for t in (await read_tables(db)).tables] == ["audit_log_details", "audit_logs"]
            said = (await read_retention(db)).missing
            divided = (await table(db, "audit_logs")).divided
            with pytest.raises(ConsoleError, match="42501"):
                await measure(db, divided, (await read_chunks(db, divided)).chunks[:1])
        assert any("emr_console.event" in sentence for sentence in said)
    finally:
        ask(pg18_migrated, "drop role storage_guest")


async def test_views_tell_when_this_console_refreshed_them(pg18_migrated: str) -> None:
    ask(
        pg18_migrated, """insert into emr_console.event (kind, operator, detail) values
            ('maintain.refresh', 'ana', '{"target": "public.audit_logs_daily", "outcome": "done"}'),
            ('view.refresh', 'ana', '{"target": "public.audit_logs_hourly", "outcome": "failed"}')"""
    )  # fmt: skip
    ask(pg18_migrated, "create materialized view never as select 1 as a with no data")
    ask(pg18_migrated, "create materialized view wide as select n, repeat('x', 9) as x from generate_series(1, 9000) n")
    ask(pg18_migrated, "create unique index on wide (n)")
    ask(pg18_migrated, "vacuum analyze wide")
    async with Database(target(pg18_migrated)) as db:
        found = {each.label: each.as_json() for each in (await read_aggregates(db)).aggregates}
    at = one(pg18_migrated, "select at from emr_console.event where kind = 'maintain.refresh'")
    assert (found["audit_logs_daily"]["last_refresh"], found["audit_logs_hourly"]["last_refresh"]) == (at, None)
    assert (found["never"]["populated"], found["audit_logs_daily"]["populated"]) == (False, True)
    assert found["audit_logs_daily"]["kind"] == "materialized"
    assert found["wide"]["bytes"] == one(pg18_migrated, "select pg_total_relation_size('wide')")


POLLED = (
    tables.HYPERTABLES, tables.PARTITIONED, tables.CHUNK_SUMS, tables.PARTITION_SUMS, tables.POLICIES, tables.CHUNKS,
    tables.PARTITIONS, aggregates.CONTINUOUS, aggregates.VIEWS, aggregates.REFRESHES,
)  # fmt: skip
"""What lists ask at each refresh."""

SIZES = re.compile(r"pg_\w*_size\(|pg_size_|_size\(|approximate|count\(\*\) from (?!pg_)")


@pytest.mark.parametrize("query", [*(request.query for request in POLLED), chunks.THERE], ids=lambda query: query.name)
def test_no_refresh_asks_a_size_function(query: object) -> None:
    """Files are many, and a chunk that is being compressed keeps whoever asks for its size waiting."""
    assert SIZES.search(query.text(18)) is None  # type: ignore[attr-defined]
