"""How a connection comes to be: what is given up on the way leaves nothing at the server."""

import asyncio
from pathlib import Path

from console.db.session import Session
from console.db.target import Target


async def test_what_is_given_up_while_it_signs_in_hangs_up(tmp_path: Path) -> None:
    """Otherwise the server waits for a password until its authentication_timeout, and the database cannot go."""
    called: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    silent = await asyncio.start_unix_server(lambda *line: called.put_nowait(line), tmp_path / ".s.PGSQL.5432")
    params = {"host": str(tmp_path), "port": "5432", "user": "dba", "dbname": "emr", "sslmode": "disable"}
    async with silent, asyncio.timeout(10):
        task = asyncio.create_task(Session.open(Target(params, "a silent server"), "test"))
        said, line = await called.get()
        task.cancel()
        await asyncio.wait([task])  # it keeps its exception, as a worker does
        await said.read()  # to its end, which comes when we hang up
        line.close()
