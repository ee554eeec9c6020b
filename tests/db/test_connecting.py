"""How a connection comes to be: what is given up on the way leaves nothing at the server."""

import asyncio
from pathlib import Path

import pytest
from psycopg import OperationalError

from console.db.session import Session
from console.db.sqlstate import connect_failed
from console.db.target import Target
from console.errors import ConnectionFailed, Exit, Unsupported

SIGNED_IN = b"R\0\0\0\x08\0\0\0\0"
"""AuthenticationOk: nothing more is wanted of the client."""

READY = b"Z\0\0\0\x05I"
"""ReadyForQuery, in no transaction."""

GOODBYE = b"X\0\0\0\x04"
"""Terminate: the client hangs up."""


async def test_what_is_given_up_while_it_signs_in_hangs_up(tmp_path: Path) -> None:
    """Otherwise the server waits for a password until its authentication_timeout, and the database cannot go."""
    called: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    silent = await asyncio.start_unix_server(lambda *line: called.put_nowait(line), tmp_path / ".s.PGSQL.5432")
    async with silent, asyncio.timeout(10):
        task = asyncio.create_task(Session.open(_behind(tmp_path), "test"))
        said, line = await called.get()
        task.cancel()
        await asyncio.wait([task])  # it keeps its exception, as a worker does
        await said.read()  # to its end, which comes when we hang up
        line.close()


async def test_a_server_that_is_too_old_is_told_as_it_greets_us_and_asked_nothing(tmp_path: Path) -> None:
    """By the protocol itself: so old a server is nowhere to be had."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def greet(said: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        await said.read(1024)
        version = b"server_version\x0013.14 (Debian 13.14-1.pgdg120+1)\0"
        line.write(SIGNED_IN + b"S" + (4 + len(version)).to_bytes(4) + version + READY)
        heard.put_nowait(await said.read(1024))
        line.close()

    async with await asyncio.start_unix_server(greet, tmp_path / ".s.PGSQL.5432"), asyncio.timeout(10):
        with pytest.raises(Unsupported, match=r"needs PostgreSQL 14 or newer; this server is 13\.14\.") as told:
            await Session.open(_behind(tmp_path), "test")
        assert told.value.exit is Exit.UNSUPPORTED
        assert await heard.get() == GOODBYE


@pytest.mark.parametrize("said", ["unrecognized configuration parameter {}", "unbekannter Konfigurationsparameter {}"])
async def test_a_server_that_is_too_old_for_a_setting_is_no_pooler(tmp_path: Path, said: str) -> None:
    """A real 13 signs us in, and refuses what it does not know before it tells its version."""
    all_said = []

    async def refuse(heard: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        all_said.append(await heard.read(1024))
        what = said.format('"idle_session_timeout"')
        told = f"SFATAL\0VFATAL\0C42704\0M{what}\0\0".encode()
        line.write(SIGNED_IN + b"E" + (4 + len(told)).to_bytes(4) + told)
        line.close()

    async with await asyncio.start_unix_server(refuse, tmp_path / ".s.PGSQL.5432"), asyncio.timeout(10):
        with pytest.raises(Unsupported, match=r"needs PostgreSQL 14 or newer; this server is older\."):
            await Session.open(_behind(tmp_path), "test")
    assert all(b"idle_session_timeout" in each for each in all_said), "libpq tries again by itself, we do not"


@pytest.mark.parametrize("beside", ["", "H", "D"])
@pytest.mark.parametrize("hosts", ["{0}", "/nonexistent,{0}"])
async def test_what_happened_is_told_whatever_the_server_adds(tmp_path: Path, beside: str, hosts: str) -> None:
    """A HINT or a DETAIL below it, or the driver's list of every host that it has tried."""

    async def refuse(said: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        await said.read(1024)
        added = f"{beside}Nobody needs to know.\0" if beside else ""
        told = f"SFATAL\0VFATAL\0C55000\0Mcannot connect to invalid database\0{added}\0".encode()
        line.write(b"E" + (4 + len(told)).to_bytes(4) + told)
        line.close()

    async with await asyncio.start_unix_server(refuse, tmp_path / ".s.PGSQL.5432"), asyncio.timeout(10):
        with pytest.raises(ConnectionFailed) as told:
            await Session.open(_behind(tmp_path, hosts), "test")
    why = f'FATAL:  cannot connect to invalid database (on socket "{tmp_path}/.s.PGSQL.5432").'
    assert told.value.message.partition(": ")[2] == why


@pytest.mark.parametrize("below", ["", "\nHINT:  None.", "\nDETAIL:  None.", "\npassword retrieved from file x"])
def test_what_libpq_says_in_another_language_is_told_too(below: str) -> None:
    said = "connection failed: Verbindung zum Server ist fehlgeschlagen: Datenbank gibt es nicht."
    message = connect_failed(OperationalError(said + below), "x").message
    assert message == "Cannot connect to x: Verbindung zum Server ist fehlgeschlagen: Datenbank gibt es nicht."


def _behind(folder: Path, hosts: str = "{0}") -> Target:
    """Whoever listens in that folder."""
    params = {"host": hosts.format(folder), "port": "5432", "user": "dba", "dbname": "emr", "sslmode": "disable"}
    return Target(params, "a server of the test")
