"""How far a long statement is, from the server's own progress views, seen from a second session; nothing is made up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError
from console.migrate.run import Run
from console.migrate.server_models import Progress

_PROGRESS = Query(__package__, "progress")
_PATIENCE = 2.0
_EVERY = 1.0


@asynccontextmanager
async def followed(run: Run, version: str) -> AsyncIterator[None]:
    """Tell the progress of what takes longer than two seconds; everything works without it."""
    if run.session.single_session:
        yield
        return
    task = asyncio.create_task(_follow(run, version))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _follow(run: Run, version: str) -> None:
    await asyncio.sleep(_PATIENCE)
    last: Progress | None = None
    with suppress(ConsoleError):
        async with await Session.open(run.target, "watch", read_only=True) as session:
            while True:
                for found in await session.fetch(_PROGRESS, Progress, pid=run.session.pid):
                    if found != last:
                        last = found
                        run.tell("progress", version, message=found.sentence(), done=found.done, total=found.total)
                await asyncio.sleep(_EVERY)
