"""A standby of a test server: made by pg_basebackup, streaming, and promoted when a test wants it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from console.demo.process import run
from console.demo.server import Cluster, conninfo
from tests.fixtures.running import SETTINGS, watched


class Standby(Cluster):
    """A hot standby; a cluster like any other once it is promoted."""

    async def copy(self, primary: Cluster) -> None:
        """Take a base backup of the primary, and follow it."""
        shutil.copy(primary.passfile, self.passfile)
        self.data.mkdir(mode=0o700)
        for path in (self.passfile, self.data):  # it reads the password as its own account, all its life
            self.account.give(path)
        where = conninfo({**primary.params(), "passfile": str(self.passfile)})
        await self._succeed("pg_basebackup", "-d", where, "-D", str(self.data), "-R", "-X", "fetch", "-c", "fast")

    async def promote(self) -> None:
        """Make it a primary; returns when it takes writes."""
        await self._succeed("pg_ctl", "promote", "-D", str(self.data), "-w")

    async def _succeed(self, program: str, *arguments: str) -> None:
        code, said = await run(self.bindir / program, *arguments, cwd=self.home, account=self.account)
        assert code == 0, said


@asynccontextmanager
async def following(primary: Cluster, folder: Path) -> AsyncIterator[Standby]:
    """A standby of a running primary, stopped at the end, however the test ends."""
    standby = Standby(primary.bindir, folder, settings=SETTINGS)
    await standby.copy(primary)
    await standby.start()
    assert standby.pid is not None
    try:
        with watched(standby.pid, folder):
            yield standby
    finally:
        await asyncio.shield(standby.stop())
