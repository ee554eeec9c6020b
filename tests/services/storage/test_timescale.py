"""Storage on a real TimescaleDB, each figure beside a query of its own.

That server is one session for everybody: a chunk that is being compressed, timeouts and the apache licence are shown in
test_versions.py on recorded rows, and in test_partitions.py with real locks.
"""

import json
from collections.abc import AsyncIterator
from contextlib import redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import psycopg
import pytest

from console.cli.main import run
from console.db.database import Database
from console.errors import ConsoleError
from console.services.storage.aggregates import Aggregate, read_aggregates
from console.services.storage.chunks import Chunks, look, read_chunks
from console.services.storage.definition import of_table, of_view
from console.services.storage.exact import measure
from console.services.storage.retention_reading import read_retention
from console.services.storage.tables import Table, measure_tables, named, read_tables
from tests.fixtures.timescale import Timescale
from tests.services.storage.ward import BEDS, WARD


@pytest.fixture(scope="module")
def ward(migrated_timescale: Timescale) -> str:
    """A hospital's hypertables, in a database that stays for this module; only the last test changes it."""
    with psycopg.connect(migrated_timescale.dsn(), autocommit=True, prepare_threshold=None) as connection:
        connection.execute("set client_min_messages = warning")
        for statement in WARD.split(";\n"):
            if statement.strip():
                connection.execute(statement.encode())
    return migrated_timescale.dsn()


@pytest.fixture
async def db(ward: str, migrated_timescale: Timescale) -> AsyncIterator[Database]:
    async with Database(migrated_timescale.target()) as database:
        yield database


def ask(dsn: str, query: str) -> list[tuple[Any, ...]]:
    """A query of the test's own, in the schemas of everybody."""
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=None) as connection:
        connection.execute('set search_path = "$user", public')
        connection.execute("set timezone = 'UTC'")
        return connection.execute(query.encode()).fetchall()


async def table(db: Database, name: str) -> Table:
    return named((await read_tables(db, await measure_tables(db))).tables, name)


async def chunks(db: Database, name: str) -> Chunks:
    divided = (await table(db, name)).divided
    return await read_chunks(db, divided, await look(db, divided))


async def test_hypertables_come_to_what_timescaledb_says(db: Database, ward: str) -> None:
    found = {t.label: t.as_json() for t in (await read_tables(db, await measure_tables(db))).tables}
    told = ask(ward, "select hypertable_schema, hypertable_name, num_chunks from timescaledb_information.hypertables")
    assert set(found) == {"audit_logs", "audit_log_details", "numbered", "spaced", BEDS}
    assert sorted(row["chunks"] for row in found.values()) == sorted(chunks for _, _, chunks in told)
    ((before, after),) = ask(
        ward, f"""select before_compression_total_bytes::float8, after_compression_total_bytes::float8
                    from hypertable_compression_stats('{BEDS}')"""
    )  # fmt: skip
    beds = found[BEDS]
    assert (beds["ratio"], beds["compressed_chunks"]) == (before / after, 16)
    ((loose,),) = ask(
        ward, f"""select sum(pg_total_relation_size(s))::float8 from show_chunks('{BEDS}') s
                   where not exists (select from timescaledb_information.chunks c
                                      where format('%I.%I', c.chunk_schema, c.chunk_name)::regclass = s
                                        and c.is_compressed)"""
    )  # fmt: skip
    assert beds["bytes"] == pytest.approx(after + loose, rel=0.1)
    assert beds["rows_per_batch"] == 168 / 3  # a week of hours, by ward
    assert (beds["chunk_interval"], beds["compress_after"], beds["drop_after"]) == (604_800, 90 * 86_400, 140 * 86_400)
    assert (found["numbered"]["chunk_interval"], found["numbered"]["drop_after"]) == (1000, 5000)
    assert found["audit_logs"]["drop_after"] == 7 * 365.25 * 86_400


async def test_chunks_are_as_timescaledb_keeps_them(db: Database, ward: str) -> None:
    found = await chunks(db, BEDS)
    shown = [chunk.as_json(BEDS) for chunk in found.chunks]
    told = ask(
        ward, """select range_start, range_end, is_compressed, chunk_creation_time
                   from timescaledb_information.chunks where hypertable_name = 'Beds "x" t' order by 1"""
    )  # fmt: skip
    kept = [(c["range_start"], c["range_end"], c["state"] != "uncompressed", c["created"]) for c in shown]
    assert kept == told
    assert [c["state"] for c in shown].count("partial") == 1
    stats = ask(ward, f"select chunk_name, after_compression_total_bytes from chunk_compression_stats('{BEDS}')")
    sizes = {chunk.part.chunk_name: chunk.bytes for chunk in found.chunks if chunk.part.compressed}
    assert sizes == {name: size for name, size in stats if size is not None}
    due = {
        name
        for (name,) in ask(
            ward, f"select split_part(c::text, '.', 2) from show_chunks('{BEDS}', older_than => interval '20 weeks') c"
        )
    }
    assert {chunk.part.chunk_name for chunk in found.chunks if chunk.next_to_drop} == due
    assert due


async def test_chunks_by_number_and_side_by_side(db: Database) -> None:
    numbered = (await chunks(db, "numbered")).chunks
    assert [(chunk.start, chunk.end) for chunk in numbered] == [(n * 1000, (n + 1) * 1000) for n in range(10)]
    assert [chunk.start for chunk in numbered if chunk.next_to_drop] == [0]
    spaced = (await chunks(db, "spaced")).chunks
    assert len({chunk.start for chunk in spaced}) * 4 == len(spaced)


async def test_exact_figures_count_what_is_compressed(db: Database, ward: str) -> None:
    divided = (await table(db, BEDS)).divided
    first = (await read_chunks(db, divided)).chunks[:2]
    found = await measure(db, divided, first)
    assert [exact.rows for exact in found] == [168, 168]
    told = ask(ward, f"select chunk_name, total_bytes from chunks_detailed_size('{BEDS}')")
    assert {(exact.chunk.part.chunk_name, exact.bytes) for exact in found} <= set(told)


def by_label(found: Any) -> dict[str, Aggregate]:
    return {aggregate.label: aggregate for aggregate in found.aggregates}


async def test_aggregates_know_their_watermarks_and_what_waits(db: Database, ward: str) -> None:
    found = by_label(await read_aggregates(db))
    assert {"daily", '"odd schema"."hourly v"', "audit_logs_hourly"} <= set(found)
    for label, aggregate in found.items():
        if aggregate.continuous is None:
            continue
        ((mark, pending),) = ask(
            ward, f"""select w.watermark,
                             (select count(*) from _timescaledb_catalog.continuous_aggs_materialization_invalidation_log
                               where materialization_id = m.id and lowest_modified_value > -210866803200000000
                                 and greatest_modified_value < 9223372036854775807)
                           + (select count(*) from _timescaledb_catalog.continuous_aggs_hypertable_invalidation_log
                               where hypertable_id = r.id)
                        from timescaledb_information.continuous_aggregates a
                        join _timescaledb_catalog.hypertable m on m.table_name = a.materialization_hypertable_name
                        join _timescaledb_catalog.hypertable r on r.table_name = a.hypertable_name
                         and r.schema_name = a.hypertable_schema
                        join _timescaledb_catalog.continuous_aggs_watermark w on w.mat_hypertable_id = m.id
                       where format('%I.%I', a.view_schema, a.view_name)::regclass = '{label}'::regclass"""
        )  # fmt: skip
        watermark = aggregate.continuous.watermark
        assert watermark == (datetime.fromtimestamp(mark / 1e6, UTC) if mark > 0 else None)
        assert aggregate.continuous.pending == pending
        assert aggregate.lag is None if watermark is None else (aggregate.lag or 0) > 0
    hourly, daily = found['"odd schema"."hourly v"'], found["daily"]
    assert (hourly.continuous.bucket, daily.continuous.bucket) == (3600.0, 86_400.0)  # type: ignore[union-attr]
    # The hour that came late was refreshed in the first, and waits in the one made of it, out of its policy's reach.
    assert (daily.continuous.pending, daily.continuous.orphans) == (1, 1)  # type: ignore[union-attr]
    assert "what retention drops" in hourly.conflict
    assert daily.conflict == ""
    assert "timescaledb.materialized_only = false" in await of_view(db, daily)


async def test_retention_agrees_with_the_seed_s_own_check(db: Database, ward: str) -> None:
    found = {each.label: each for each in (await read_retention(db)).tables}
    ((oldest, _, total, compressed, _, _),) = ask(ward, "select * from check_audit_retention_status()")
    audit, sums = found["audit_logs"], (await table(db, "audit_logs")).sums
    assert sums is not None
    assert (audit.oldest, sums.chunks, sums.compressed) == (oldest, total, compressed)
    assert (audit.verdict.level, audit.rule and audit.rule.mechanism) == ("kept", "policy")
    assert audit.floor == 2_192 * 86_400
    beds = found[BEDS]
    assert len(beds.going) == len(ask(ward, f"select show_chunks('{BEDS}', older_than => interval '20 weeks')"))
    assert [chunk.part.rows for chunk in beds.going] == [168] * len(beds.going)


COMMANDS = ("hypertables", f"chunks {BEDS}", "chunks numbered", "aggregates", "retention")


@pytest.fixture(scope="module")
def told(ward: str) -> dict[str, list[dict[str, Any]]]:
    """What each twin says as JSON."""
    return {command: rows(ward, command) for command in COMMANDS}


def printed(ward: str, command: str, *more: str) -> str:
    """What a twin prints."""
    with redirect_stdout(StringIO()) as out:
        assert run(["--dsn", ward, *command.split(" ", 1), *more]) == 0
    return out.getvalue()


def rows(ward: str, command: str) -> list[dict[str, Any]]:
    shown = json.loads(printed(ward, command, "--json"))
    assert shown["flavour"] == "timescale"
    found: list[dict[str, Any]] = shown["rows"]
    return found


def test_twins_answer_on_one_session(ward: str, told: dict[str, list[dict[str, Any]]]) -> None:
    for command, found in told.items():
        assert found
        assert len(printed(ward, command).splitlines()) == len(found) + 1


def test_every_other_figure_of_hypertables(ward: str, told: dict[str, list[dict[str, Any]]]) -> None:
    for found in told["hypertables"]:
        theirs = ask(
            ward, f"""select d.column_name::text, (select typname::text from pg_type where oid = d.column_type),
                             (select count(*) from {found["table"]}),
                             (select min(next_start) from timescaledb_information.jobs j
                               where j.hypertable_name = d.hypertable_name and proc_name ~ 'policy_(ret|comp)')
                        from timescaledb_information.dimensions d
                       where d.dimension_number = 1
                         and format('%I.%I', d.hypertable_schema, d.hypertable_name)::regclass
                             = '{found["table"]}'::regclass"""
        )  # fmt: skip
        column, kind, counted, starts = theirs[0]
        assert (found["column"], found["column_type"]) == (column, kind)
        assert found["rows"] == (pytest.approx(counted, rel=0.01) if counted else None)
        assert found["next_run"] == (starts and starts.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        assert (found["unmeasured_chunks"], found["default_rows"]) == (0, None)
    ((now,),) = ask(
        ward, """select sum(pg_indexes_size(format('%I.%I', chunk_schema, chunk_name)::regclass))
                    from timescaledb_information.chunks
                   where hypertable_name = 'Beds "x" t' and now() between range_start and range_end"""
    )  # fmt: skip
    (beds,) = [each for each in told["hypertables"] if each["table"] == BEDS]
    assert beds["active_index_bytes"] == now


def test_every_other_figure_of_chunks(ward: str, told: dict[str, list[dict[str, Any]]]) -> None:
    found = {each["chunk"].partition(".")[2]: each for each in told[f"chunks {BEDS}"]}
    stats = ask(ward, f"select chunk_name, before_compression_total_bytes from chunk_compression_stats('{BEDS}')")
    assert {name: each["bytes_before"] for name, each in found.items()} == dict(stats)
    ends = dict(ask(ward, """select chunk_name, range_end + interval '20 weeks' from timescaledb_information.chunks
                              where hypertable_name = 'Beds "x" t'"""))  # fmt: skip
    assert {name: datetime.fromisoformat(each["drops_at"]) for name, each in found.items()} == ends
    counted = dict(ask(ward, f"select tableoid::regclass::text, count(*) from {BEDS} group by 1"))
    late = {each["chunk"] for each in found.values() if each["state"] == "partial"}
    assert {each["chunk"]: each["rows"] for each in found.values() if each["chunk"] not in late} == {
        name: many for name, many in counted.items() if name not in late
    }


def test_every_other_figure_of_aggregates(ward: str, told: dict[str, list[dict[str, Any]]]) -> None:
    for found in told["aggregates"]:
        if found["kind"] == "materialized":
            continue
        theirs = ask(
            ward, f"""select not a.materialized_only, count(j.*), min(j.next_start),
                             min(extract(epoch from (j.config ->> 'end_offset')::interval + 2 * j.schedule_interval)),
                             (select array[sum(pg_total_relation_size(i.inhrelid))::int8,
                                           sum(pg_total_relation_size(i.inhrelid) + 3 * 8192)::int8]
                                from pg_inherits i join pg_class c on c.oid = i.inhrelid
                               where i.inhparent = format('%I.%I', a.materialization_hypertable_schema,
                                                          a.materialization_hypertable_name)::regclass)
                        from timescaledb_information.continuous_aggregates a
                        left join timescaledb_information.jobs j
                               on j.proc_name = 'policy_refresh_continuous_aggregate'
                              and j.hypertable_name in (a.view_name, a.materialization_hypertable_name)
                       where format('%I.%I', a.view_schema, a.view_name)::regclass = '{found["view"]}'::regclass
                       group by a.*, 1, a.materialization_hypertable_schema, a.materialization_hypertable_name"""
        )  # fmt: skip
        ((realtime, policies, starts, spared, (least, most)),) = theirs
        assert (found["realtime"], found["policies"]) == (realtime, policies)
        assert found["bytes"] == least or least <= found["bytes"] <= most  # with the maps that VACUUM makes
        assert found["next_refresh"] == (starts and starts.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        assert found["allowed_lag"] is None if spared is None else found["allowed_lag"] > float(spared)
        assert found["last_refresh"] is None, "no scheduler runs there"


async def test_the_definition_makes_it_again(db: Database, ward: str) -> None:
    """The last test of this database: the table is dropped, and made again by its own definition."""
    divided = await table(db, BEDS)
    before = await of_table(db, divided)
    await db.close()
    with psycopg.connect(ward, autocommit=True, prepare_threshold=None) as connection:
        connection.execute("set client_min_messages = warning")
        for view in ("public.daily", '"odd schema"."hourly v"'):
            connection.execute(f"drop materialized view {view}".encode())
        connection.execute(f"drop table {BEDS}".encode())
        connection.execute(before.encode())
    with pytest.raises(ConsoleError, match="is gone"):
        await read_chunks(db, divided.divided)
    assert await of_table(db, await table(db, BEDS)) == before
