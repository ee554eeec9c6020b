"""A TimescaleDB in one process with synthetic data, its chunks compressed but for the newest."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import psycopg

from tests.fixtures.node import installed
from tests.fixtures.timescale import SOURCE, serving

COMPRESS = """select compress_chunk(show_chunks(%s::regclass, older_than =>
    (select max(created_at) - interval '14 days' from audit_logs)))"""


class Absent(Exception):
    """npm is not to be had."""


def missing(reason: str) -> NoReturn:
    """Nothing is skipped here."""
    raise Absent(reason)


@contextmanager
def compressed(scale: float) -> Iterator[str]:
    """The DSN of its only database; Absent where there is no npm."""
    with serving(installed(SOURCE, missing), missing) as server:
        _execute(server.dsn(), "create extension timescaledb")
        program = [str(Path(sys.executable).parent / "emr-console"), "--quiet", "--dsn", server.dsn()]
        subprocess.run([*program, "migrate", "up", "--yes"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*program, "generate", "--scale", str(scale)], check=True, stdout=subprocess.DEVNULL)
        for table in ("audit_logs", "audit_log_details"):
            _execute(server.dsn(), COMPRESS, table)
        yield server.dsn()


def _execute(dsn: str, statement: str, *values: object) -> None:
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=None) as connection:
        connection.execute(statement.encode(), values)
