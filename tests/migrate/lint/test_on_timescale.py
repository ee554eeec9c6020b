"""TimescaleDB itself refuses what the TS rules call an error, and takes their good examples."""

from collections.abc import Iterator

import psycopg
import pytest

from console.migrate.header import parse
from tests.fixtures.timescale import Timescale
from tests.migrate.lint.examples import BAD, BASE, GOOD, Example

REFUSED_AT_ONCE = ("TS01", "TS03", "TS05", "TS07", "TS08", "TS09")
"""The others are refused when chunks are compressed, outside of transactions, or never."""
TAKEN = (*REFUSED_AT_ONCE, "TS02", "TS04", "TS06", "TS10", "TS12")
"""TS11 wants a session of its own."""


def in_transaction(examples: list[Example], *rules: str) -> list[Example]:
    """The examples of some rules that run in a transaction."""
    return [each for each in examples if each.rule.startswith(rules) and parse(each.up).transaction]


@pytest.fixture(scope="module")
def _based(timescale: Timescale) -> Iterator[psycopg.Connection]:
    """A session of the module, in a database with the base."""
    with psycopg.connect(timescale.dsn(), autocommit=True, prepare_threshold=None) as session:
        session.execute("set client_min_messages = error")
        session.execute("create extension if not exists timescaledb")
        session.execute(BASE.encode())
        yield session


@pytest.fixture
def connection(_based: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """A transaction there, which leaves nothing behind."""
    _based.execute("begin")
    yield _based
    _based.execute("rollback")


def run(connection: psycopg.Connection, example: Example) -> None:
    connection.execute(example.before.encode() or b"select 1")
    connection.execute(example.up.encode())


@pytest.mark.parametrize("example", in_transaction(BAD, *REFUSED_AT_ONCE), ids=lambda each: f"{each.rule} {each.up}")
def test_it_refuses(connection: psycopg.Connection, example: Example) -> None:
    with pytest.raises(psycopg.DatabaseError):
        run(connection, example)


@pytest.mark.parametrize("example", in_transaction(GOOD, *TAKEN), ids=lambda each: f"{each.rule} {each.up}")
def test_it_takes(connection: psycopg.Connection, example: Example) -> None:
    run(connection, example)
