"""Hospitals whose tasks are to be filled."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.services.backfill.working import furnish


@pytest.fixture
def hospital(migrated: str) -> Iterator[psycopg.Connection]:
    """A hundred tasks of ten patients, on each server."""
    with psycopg.connect(migrated, autocommit=True) as connection:
        furnish(connection)
        yield connection


@pytest.fixture
def ward(pg18_migrated: str) -> Iterator[psycopg.Connection]:
    """The same on PostgreSQL 18 only."""
    with psycopg.connect(pg18_migrated, autocommit=True) as connection:
        furnish(connection)
        yield connection
