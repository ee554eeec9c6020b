"""How a connection comes to be: keepalives, settings at start, proof that they hold, and no pooler in between."""

import asyncio
import logging
import select
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import AsyncConnection
from psycopg import errors as driver
from psycopg.pq import ConnStatus
from psycopg.pq.abc import PGconn
from psycopg.rows import TupleRow

from console.db import loaders, operator
from console.db.query import OLDEST_MAJOR, Query
from console.db.sqlstate import connect_failed, translated
from console.db.target import Target
from console.errors import ConnectionFailed, Unsupported, UsageError

CONNECT_SECONDS = 5
"""How long one address may take to answer."""

ALWAYS = {
    "TimeZone": "UTC",
    "client_min_messages": "warning",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "standard_conforming_strings": "on",
    "quote_all_identifiers": "off",
    "jit": "off",
    "exit_on_error": "off",
    "idle_session_timeout": "0",
    "default_transaction_isolation": "read committed",
}
"""Settings of every session: times are UTC throughout, and chatty servers are asked for warnings only. Whatever a
database or a role is set to, the driver can read moments and spans, a backslash in our statements is one, and a name
comes spelled as we compare it. What seven years of partitions make the server compile takes 20 to 200 times as long as
the answer (3 and 34 s for 0.16 s, on PostgreSQL 15). No refused statement ends a session, and no wait for a person's
answer does; and nothing that we do is undone because somebody else was at work."""

# The driver's own warnings name the connection, with names in it that anybody may have chosen; errors reach us anyway.
logging.getLogger("psycopg").addHandler(logging.NullHandler())
logging.getLogger("psycopg").propagate = False

_NETWORK = {
    "connect_timeout": str(CONNECT_SECONDS),
    "keepalives": "1",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}

_SINCE_OLDEST = "idle_session_timeout"
"""Of our settings the one that older servers do not know."""

_BACKSLASH = "\\"

_SESSION = Query(__package__, "session")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the server says of a new session."""

    pid: int
    """Its server process, 0 where one backend serves all."""
    settings: Mapping[str, str]
    """The settings asked for, as they are, in the units of pg_settings."""


async def connect(target: Target, lane: str, settings: Mapping[str, str]) -> tuple[AsyncConnection[TupleRow], Facts]:
    """Open a connection in autocommit whose settings the server has confirmed.

    Settings travel in the start-up packet and never by SET: on a connection that a pooler shares, a SET of ours would
    make the application's next statement fail. Raises Unsupported at a server that our queries are not written for.
    """
    wanted = {**ALWAYS, **settings}
    connection = await _open(target, lane, wanted)
    try:
        _refuse_old(connection)
        loaders.register(connection)
        with translated():
            facts = await _facts(connection, wanted)
            if facts.pid == 0:
                await _start_single(connection)
            else:
                _refuse_pooler(connection.info.backend_pid, facts, wanted, target)
    except BaseException:
        await connection.close()
        raise
    return connection, facts


async def _open(target: Target, lane: str, wanted: Mapping[str, str]) -> AsyncConnection[TupleRow]:
    params = _NETWORK | dict(target.params)
    given = params.pop("options", "")
    params |= {
        "application_name": operator.current().application_name(lane),
        "client_encoding": "utf8",
        "options": f"{given} {start_options(wanted)}".strip(),
    }
    try:
        return await _dial(params)
    except psycopg.Error as error:
        if _does_not_know(_SINCE_OLDEST, error, target):
            raise _too_old("older") from error
        if await _admits_without_options(params, error):
            return await _once_more(target, params)
        raise connect_failed(error, target.describe()) from error
    except (OSError, UnicodeError) as error:  # the name does not resolve, or cannot be one
        raise ConnectionFailed(
            f"Cannot connect to {target.describe()}: {getattr(error, 'strerror', None) or 'that is no host name'}.",
            state="Nothing was read or changed.",
            hint="Check the host's name.",
        ) from error


async def _once_more(target: Target, params: Mapping[str, str]) -> AsyncConnection[TupleRow]:
    """The server admits us without our options: it has just come up, or it is a pooler and refuses them for ever."""
    try:
        return await _dial(params)
    except psycopg.Error as error:
        raise _pooler(target) from error


async def _dial(params: Mapping[str, str]) -> AsyncConnection[TupleRow]:
    """The driver's own way; given up on it, we hang up.

    The frames that an exception keeps would keep the line open, and the server waiting for a password.
    """
    try:
        return await AsyncConnection.connect(**params, autocommit=True)  # type: ignore[arg-type]  # keywords of libpq
    except asyncio.CancelledError as given_up:
        traceback.clear_frames(given_up.__traceback__)
        raise


def start_options(settings: Mapping[str, str]) -> str:
    r"""Settings for the start-up packet, spaces and backslashes escaped as libpq wants them.

    >>> start_options({"lock_timeout": "100", "search_path": "a b"})
    '-c lock_timeout=100 -c search_path=a\\ b'
    """
    return " ".join(f"-c {name}={_escaped(value)}" for name, value in settings.items())


def _escaped(value: str) -> str:
    return value.replace(_BACKSLASH, 2 * _BACKSLASH).replace(" ", _BACKSLASH + " ")


def _does_not_know(setting: str, error: psycopg.Error, target: Target) -> bool:
    """Whether a server has refused us for this setting, which it names in any language; a pooler names all of them so.

    libpq gives no SQLSTATE for a failed start.
    """
    said = str(error)
    ours = any(setting in str(value) for value in target.params.values())
    return setting in said and "unsupported startup parameter" not in said and not ours


def _refuse_old(connection: AsyncConnection[TupleRow]) -> None:
    """Stop before anything is asked of a server that is too old for every query of ours."""
    if connection.info.server_version // 10000 < OLDEST_MAJOR:
        version = (connection.info.parameter_status("server_version") or "of an unknown version").partition(" (")[0]
        raise _too_old(version)


def _too_old(version: str) -> Unsupported:
    return Unsupported(
        f"emr-console needs PostgreSQL {OLDEST_MAJOR} or newer; this server is {version}.",
        state="Nothing was read or changed.",
    )


async def begin_read_only(connection: AsyncConnection[TupleRow], settings: Mapping[str, str]) -> None:
    """Open a read-only transaction with the settings for it alone, where none could be given at start."""
    await connection.execute("begin read only")
    if settings:  # in one statement: it comes before each question
        wanted = ", ".join(["set_config(%s, %s, true)"] * len(settings))
        values = [part for setting in settings.items() for part in setting]
        await connection.execute(f"select {wanted}".encode(), values)


async def _facts(connection: AsyncConnection[TupleRow], wanted: Mapping[str, str]) -> Facts:
    cursor = await connection.execute(_SESSION.text().encode(), {"names": list(wanted)})
    row = await cursor.fetchone()
    if row is None:
        raise ConnectionFailed("The server did not say which session this is.")
    return Facts(pid=row[0], settings=row[1])


async def _start_single(connection: AsyncConnection[TupleRow]) -> None:
    """One backend for all clients: what the last client set or prepared is still there, so begin clean."""
    connection.prepare_threshold = None
    await connection.execute("reset all")
    await connection.execute('set search_path = "$user", public')  # there it is reset to pg_catalog
    await connection.execute("set client_min_messages = warning")


def _refuse_pooler(handshake_pid: int, facts: Facts, wanted: Mapping[str, str], target: Target) -> None:
    """Stop when the process that greeted us is not the one that answers, or when our settings were thrown away."""
    if handshake_pid != facts.pid:
        raise _pooler(target)
    for name, value in wanted.items():
        if facts.settings.get(name) != value:
            raise UsageError(
                f"The server did not take the setting {name} = {value} at start"
                f" (it is {facts.settings.get(name, 'unknown')}).",
                state="Nothing was read or changed.",
                hint="Connect directly to PostgreSQL, and check ALTER ROLE and ALTER DATABASE settings.",
            )


def _pooler(target: Target) -> UsageError:
    return UsageError(
        f"{target.describe()} is a connection pooler such as PgBouncer, not PostgreSQL itself.",
        state="Nothing was read or changed.",
        hint="Give the address of the PostgreSQL server: settings and locks of a session do not hold through a pooler.",
    )


async def _admits_without_options(params: Mapping[str, str], error: psycopg.Error) -> bool:
    """Whether the refusal was about our start-up options alone: PgBouncer refuses them (08P01), PostgreSQL never.

    libpq gives no SQLSTATE for a failed start, so it is tried. Not after a time-out, and not once a password was asked
    for: that comes after the options, and a second wrong one could lock the account.
    """
    pgconn = error.pgconn
    if isinstance(error, driver.ConnectionTimeout) or pgconn is None or pgconn.needs_password or pgconn.used_password:
        return False
    try:
        bare = await _dial({k: v for k, v in params.items() if k != "options"})
    except (psycopg.Error, OSError):
        return False
    await bare.close()
    return True


def cut(line: PGconn) -> bool:
    """Whether an idle connection has been ended by the server, as far as that has arrived here; nothing is sent.

    libpq learns of the end only when it reads: first the server's farewell, then the end of the stream.
    """
    arrived = select.poll()
    arrived.register(line.socket, select.POLLIN)
    try:
        while line.status == ConnStatus.OK and arrived.poll(0):
            line.consume_input()
    except psycopg.OperationalError:
        return True
    return line.status != ConnStatus.OK
