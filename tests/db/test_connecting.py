"""How a connection comes to be: what is given up on the way leaves nothing at the server."""

import asyncio
from pathlib import Path

import pytest

from console.db.session import Session
from console.db.target import Target
from console.errors import Exit, Unsupported

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


def _behind(folder: Path) -> Target:
    """Whoever listens in that folder."""
    params = {"host": str(folder), "port": "5432", "user": "dba", "dbname": "emr", "sslmode": "disable"}
    return Target(params, "a server of the test")
