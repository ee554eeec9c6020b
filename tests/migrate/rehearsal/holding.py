"""A rehearsal that is to be killed: holds a scratch database and tells its name and its maker's pid."""

import asyncio
import sys

from console.migrate.rehearsal.scratch import scratch
from tests.targets import target


async def hold(dsn: str) -> None:
    """Stay until killed."""
    async with scratch(target(dsn), None, lambda _: None) as stage:
        _, ((name,),) = await stage.session.rows("select current_database()::text")
        sys.stdout.write(f"{name} {stage.live.pid}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(hold(sys.argv[1]))
