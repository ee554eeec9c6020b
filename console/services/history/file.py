"""The file of a recording: a SQLite database that only its owner can read.

A moment has a row, and each pane's answer at that moment one more; what changes slowly is not asked at each. Sixty
moments are a group: answers are written as what differs from the pane's first one of their group, so that old moments
go group by group.
"""

import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from console.errors import ConsoleError, Exit, Refused, UsageError

KIND = b"EMRR"
"""What SQLite calls the application id; it stands at byte 68 of the file."""

VERSION = 1
"""Of the tables below."""

TABLES = """
create table about (name text primary key, value text not null);
create table moment (
    at integer primary key,
    first integer not null,
    blocked integer,
    connections integer
);
create index moment_first on moment (first);
create table part (
    at integer not null,
    pane text not null,
    failed integer not null,
    body blob not null,
    primary key (at, pane)
);
"""
"""Moments are microseconds since 1970, UTC."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def reserved(path: Path) -> int:
    """A descriptor of the file, made if need be, that keeps other recorders away while it is open."""
    try:
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", state="Nothing was recorded.") from error
    try:
        _claim(opened, path)
    except BaseException:
        os.close(opened)
        raise
    return opened


def _claim(opened: int, path: Path) -> None:
    found = os.fstat(opened)
    if not stat.S_ISREG(found.st_mode) or (found.st_size and not _is_ours(opened)):
        raise UsageError(
            f"{path} is there already, and is no recording of emr-console.",
            state="Nothing was recorded.",
            hint="Choose another name.",
        )
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Refused(f"Another emr-console records into {path}.", state="Nothing was recorded.") from error
    os.fchmod(opened, 0o600)


def _is_ours(opened: int) -> bool:
    return os.pread(opened, 4, 68) == KIND


def made(path: Path, *, new: bool) -> sqlite3.Connection:
    """The file for writing; a new one gets its tables."""
    with explained(path), _opened(path) as connection:
        connection.execute("pragma secure_delete = on")
        if new:
            _set_up(connection)
        return connection


def _set_up(connection: sqlite3.Connection) -> None:
    with connection:
        connection.execute("begin")  # else each statement would be on its own, and a crash leave half a file
        connection.execute(f"pragma application_id = {int.from_bytes(KIND, 'big')}")
        connection.execute(f"pragma user_version = {VERSION}")
        for statement in TABLES.split(";"):
            connection.execute(statement)


def found(path: Path) -> sqlite3.Connection:
    """The file for reading; UsageError where it is no recording, or not a whole one."""
    try:
        with path.open("rb") as file:
            ours, size = _is_ours(file.fileno()), os.fstat(file.fileno()).st_size
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    if not ours:
        raise UsageError(f"{path} is no recording of emr-console.")
    with explained(path), _opened(path) as connection:
        connection.execute("pragma query_only = on")
        _check(connection, path, size)
        return connection


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that stays open unless something goes wrong now.

    Also who only reads may write: what a recorder left half done when it was killed is taken back by the next one.
    """
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=5)
    try:
        yield connection
    except BaseException:
        connection.close()
        raise


def _check(connection: sqlite3.Connection, path: Path, size: int) -> None:
    if number(connection, "user_version") != VERSION:
        raise UsageError(f"{path} was recorded by another version of emr-console, which alone can show it.")
    if size < number(connection, "page_count") * number(connection, "page_size"):
        raise UsageError(f"{path} is damaged: its end is missing.", hint="Copy it again.")


def number(connection: sqlite3.Connection, pragma: str) -> int:
    """A number that SQLite knows about the file."""
    return int(connection.execute(f"pragma {pragma}").fetchone()[0])


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's errors as ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise ConsoleError(
                f"There is no room for {path} any more.",
                state="What was recorded before is there.",
                hint="Make room, or record with a smaller --size.",
                exit=Exit.OUT_OF_SPACE,
            ) from error
        raise UsageError(f"{path} cannot be used: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise UsageError(f"{path} is damaged: {error}.") from error


def microseconds(at: datetime) -> int:
    """A moment as the file has it.

    >>> moment_of(microseconds(datetime(2026, 3, 14, 3, 12, tzinfo=UTC))).isoformat()
    '2026-03-14T03:12:00+00:00'
    """
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment_of(at: int) -> datetime:
    """The moment that the file means."""
    return _EPOCH + timedelta(microseconds=at)
