"""A TimescaleDB in one process with synthetic data, its chunks compressed but for the newest."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import psycopg

from tests.fixtures.timescale import BARE, host, serving

OLD = """select show_chunks(%s::regclass, older_than =>
    (select max(created_at) - interval '14 days' from audit_logs))::text"""


class Absent(Exception):
    """npm is not to be had."""


def missing(reason: str) -> NoReturn:
    """Nothing is skipped here."""
    raise Absent(reason)


@contextmanager
def compressed(scale: float) -> Iterator[str]:
    """The DSN of its only database; Absent where there is no npm."""
    with host(missing) as node, serving(node, BARE) as server:
        _execute(server.dsn(), "create extension timescaledb")
        program = [str(Path(sys.executable).parent / "emr-console"), "--quiet", "--dsn", server.dsn()]
        subprocess.run([*program, "migrate", "up", "--yes"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*program, "generate", "--scale", str(scale)], check=True, stdout=subprocess.DEVNULL)
        _compress(server.dsn(), "audit_logs", "audit_log_details")
        yield server.dsn()


def _compress(dsn: str, *tables: str) -> None:
    """One chunk after the other: no other statement may have an index of it open."""
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=None) as connection:
        for table in tables:
            for (chunk,) in connection.execute(OLD.encode(), (table,)).fetchall():
                connection.execute("select compress_chunk(%s::regclass)", (chunk,))


def _execute(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=None) as connection:
        connection.execute(statement.encode())
