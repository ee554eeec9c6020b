"""Tables and indexes where TimescaleDB splits them: a hypertable is one table, with its compressed chunks."""

import psycopg
import pytest

from console.db.database import Database
from console.panes.database.indexes import service as indexes
from console.panes.database.progress.service import read_progress
from console.panes.database.replication.service import read_replication
from console.panes.database.summary.service import read_summary
from console.panes.database.tables import service as tables
from tests.fixtures.timescale import Timescale

SCHEMA = (
    "create extension if not exists timescaledb",
    "create table seen (at timestamptz not null, id int, v float, primary key (at, id))",
    "select create_hypertable('seen', 'at', chunk_time_interval => interval '1 day')",
    "create index seen_v on seen (v)",
    "create index seen_v_again on seen (v)",
    "insert into seen select timestamptz '2026-01-01' + n * interval '20 min', n % 5, n from generate_series(1, 999) n",
    """create materialized view daily with (timescaledb.continuous) as
       select time_bucket('1 day', at) as day, id, count(*) from seen group by 1, 2""",
    "alter table seen set (timescaledb.compress, timescaledb.compress_segmentby = 'id')",
    "select compress_chunk(c) from show_chunks('seen', older_than => '2026-01-08'::timestamptz) c",
    "analyze",
)


@pytest.fixture(scope="module")
def filled(timescale: Timescale) -> Timescale:
    with psycopg.connect(timescale.dsn(), autocommit=True, prepare_threshold=None) as admin:
        for statement in SCHEMA:
            admin.execute(statement.encode())
    return timescale


def truth(timescale: Timescale, query: str) -> int:
    with psycopg.connect(timescale.dsn(), autocommit=True, prepare_threshold=None) as admin:
        (value,) = admin.execute(query.encode()).fetchone() or (0,)
        return int(value)


async def test_a_hypertable_is_one_table_with_its_compressed_chunks(filled: Timescale) -> None:
    async with Database(filled.target()) as db:
        found = {table.label: table for table in (await tables.read_tables(db)).tables}
        sizes = await tables.measure(db)
    assert {label: table.kind for label, table in found.items()} == {"seen": "hypertable", "daily": "aggregate"}
    seen = found["seen"].relation
    assert seen.rows == truth(filled, "select count(*) from seen")
    assert seen.parts == truth(filled, "select count(*) from show_chunks('seen')")
    assert sizes[seen.oid] == truth(filled, "select hypertable_size('seen')")
    assert seen.bytes == pytest.approx(sizes[seen.oid], rel=0.4), "tiny chunks without the maps that VACUUM would make"


async def test_indexes_of_chunks_count_with_that_of_their_table(filled: Timescale) -> None:
    async with Database(filled.target()) as db:
        found = {index.row.name: index for index in (await indexes.read_indexes(db)).indexes}
        sizes = await indexes.measure(db)
    chunks = truth(filled, "select count(*) from show_chunks('seen')")
    for name in ("seen_pkey", "seen_v"):
        assert found[name].row.parts == chunks
        assert sizes[found[name].row.oid] == truth(filled, f"select hypertable_index_size('{name}')")
    assert found["seen_v_again"].row.parts == 0, "what would be double on a chunk, TimescaleDB does not make"
    assert found["seen_v_again"].finding == "same as seen_v"
    assert found["seen_v_again"].drop == "DROP INDEX public.seen_v_again;"
    assert not [name for name in found if "chunk" in name]


async def test_a_server_with_one_session_has_a_summary(filled: Timescale) -> None:
    async with Database(filled.target()) as db:
        found = await read_summary(db)
    assert found.survey is not None
    assert found.survey.bytes > 0
    assert found.counted is not None
    assert found.counted.tls is None


async def test_what_17_tells_in_other_words(filled: Timescale) -> None:
    """It is the only server of that version that the tests have."""
    async with Database(filled.target()) as db:
        server = await db.server()
        assert (server.major, (await read_progress(db)).rows, (await read_replication(db)).links) == (17, [], [])


async def test_what_it_offers_drops_the_index_and_makes_it_again(filled: Timescale) -> None:
    async with Database(filled.target()) as db:
        before = {index.row.name: index for index in (await indexes.read_indexes(db)).indexes}["seen_v"]
    assert before.drop is not None
    assert before.undo is not None
    with psycopg.connect(filled.dsn(), autocommit=True, prepare_threshold=None) as admin:
        admin.execute(before.drop.encode())
        admin.execute(before.undo.encode())
    async with Database(filled.target()) as db:
        after = {index.row.name: index for index in (await indexes.read_indexes(db)).indexes}["seen_v"]
    assert (after.row.definition, after.row.parts) == (before.row.definition, before.row.parts)
