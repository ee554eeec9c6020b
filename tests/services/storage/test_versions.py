"""Storage as each version of TimescaleDB tells it, on recorded columns and rows: see recorded.py for what that proves.

A chunk that is being compressed, the apache licence and the other versions cannot be had from the one-session
TimescaleDB of these tests; they are shown here.
"""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import psycopg
import pytest

from console.cli.main import run
from console.db.database import Database
from console.services.capabilities import Ability, capabilities
from console.services.storage.aggregates import read_aggregates
from console.services.storage.chunks import look, read_chunks
from console.services.storage.definition import of_table
from console.services.storage.retention_reading import read_retention
from console.services.storage.tables import measure_tables, read_tables
from tests.services.storage.recorded import VERSIONS, furnish, reaches
from tests.targets import target

SINCE = {
    Ability.CHUNK_STATUS: "2.12.0",
    Ability.RECOMPRESSION: "2.14.0",
}
"""What came with which version."""


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def recorded(pg18_database: str, version: str) -> AsyncIterator[Database]:
    """A database that looks like one with TimescaleDB of each version."""
    with psycopg.connect(pg18_database, autocommit=True) as connection:
        furnish(connection, version)
    async with Database(target(pg18_database)) as db:
        yield db


async def test_each_version_is_read_with_what_it_has(recorded: Database, version: str) -> None:
    able = await capabilities(recorded)
    assert {ability: able.has(ability) for ability in SINCE} == {
        a: reaches(version, since) for a, since in SINCE.items()
    }
    for ability, since in SINCE.items():
        if not reaches(version, since):
            assert f"TimescaleDB {since.removesuffix('.0')} or newer; here it is {version}" in able.missing(ability)

    (table,) = (await read_tables(recorded, await measure_tables(recorded))).tables
    shown = table.as_json()
    expected = {"table": "beds", "kind": "hypertable", "chunks": 4, "compressed_chunks": 2, "bytes": 400, "ratio": 4.0,
                "rows_per_batch": 1000.0, "chunk_interval": 604_800.0, "compress_after": 14 * 86_400.0,
                "drop_after": 7 * 365.25 * 86_400.0, "unmeasured_chunks": 2, "next_run": None}  # fmt: skip
    assert {name: shown[name] for name in expected} == expected

    looked = await look(recorded, table.divided)
    first, second, third, _ = (await read_chunks(recorded, table.divided, looked)).chunks
    assert first.start is None  # -infinity
    assert first.end == datetime(2026, 1, 8, tzinfo=UTC)
    states = [chunk.state for chunk in (first, second, third)]
    assert states == ["compressed", "partial" if reaches(version, "2.12.0") else "compressed", "uncompressed"]
    assert ("2.12" in looked.partial_unknown) is not reaches(version, "2.12.0")
    assert (first.bytes, first.part.rows, third.bytes) == (200, 6000, None)

    (aggregate,) = (await read_aggregates(recorded)).aggregates
    shown = aggregate.as_json()
    assert (shown["watermark"], shown["lag"], shown["pending_ranges"], shown["orphan_ranges"]) == (None, None, 1, 1)
    assert shown["allowed_lag"] == 3600 * (1 + 2 + 1)
    assert {t.label: t.drop_after for t in (await read_retention(recorded)).tables} == {
        "beds": 7 * 365.25 * 86_400.0,
        "hourly": None,
    }
    assert "INTERVAL '7 years'" in await of_table(recorded, table)


def apache(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        furnish(connection, "2.28.3", "apache")


async def test_apache_has_chunks_and_says_what_it_has_not(
    pg18_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    apache(pg18_database)
    async with Database(target(pg18_database)) as db:
        able = await capabilities(db)
        assert able.flavour == "apache"
        assert 'timescaledb.license is "apache"' in able.missing(Ability.COMPRESSION)
        assert able.has(Ability.DROP_CHUNKS)
        tables = await read_tables(db)
        assert tables.tables[0].policies == []
        assert tables.missing == [able.missing(Ability.POLICIES)]
        aggregates = await read_aggregates(db)
        assert aggregates.aggregates == []
        assert aggregates.missing == [able.missing(Ability.AGGREGATES)]


def test_apache_on_the_command_line(pg18_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    apache(pg18_database)
    assert run(["--dsn", pg18_database, "aggregates", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["flavour"], shown["rows"]) == ("apache", [])
    assert "its own licence" in shown["unavailable"]
    assert run(["--dsn", pg18_database, "hypertables", "--json"]) == 0
    assert [row["table"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["beds"]


async def test_what_a_role_may_not_read_is_said_with_the_grant(pg18_database: str) -> None:
    with psycopg.connect(pg18_database, autocommit=True) as connection:
        furnish(connection, "2.28.3")
        connection.execute("drop role if exists storage_reader")
        connection.execute("create role storage_reader login password 'x'")
    try:
        async with Database(target(pg18_database, user="storage_reader", password="x")) as db:
            able = await capabilities(db)
            assert "which storage_reader may not read" in able.missing(Ability.HYPERTABLES)
            tables = await read_tables(db)
            assert tables.tables == []
            assert "timescaledb_information.hypertables" in tables.missing[0]
            assert "GRANT SELECT ON timescaledb_information.hypertables" in tables.missing[0]
            assert (await read_aggregates(db)).aggregates == []
            assert (await read_retention(db)).tables == []
    finally:
        with psycopg.connect(pg18_database, autocommit=True) as connection:
            connection.execute("drop role storage_reader")
