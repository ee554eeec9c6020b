"""How far a long statement is, by the server's own progress views, asked on the second session; nothing is made up."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext, suppress

from console.db.query import Query
from console.errors import ConsoleError
from console.migrate.beside import beside
from console.migrate.run import Run
from console.migrate.server_models import Progress

_PROGRESS = Query(__package__, "progress")
_PATIENCE = 2.0
_EVERY = 1.0


def followed(run: Run, version: str) -> AbstractAsyncContextManager[None]:
    """Tell the progress of what takes longer than two seconds; everything works without it."""
    return nullcontext() if run.session.single_session else beside(_follow(run, version))


async def _follow(run: Run, version: str) -> None:
    await asyncio.sleep(_PATIENCE)
    last: Progress | None = None
    with suppress(ConsoleError):
        while True:
            for found in await run.second.fetch(_PROGRESS, Progress, pid=run.session.pid):
                if found != last:
                    last = found
                    run.tell("progress", version, message=found.sentence(), done=found.done, total=found.total)
            await asyncio.sleep(_EVERY)
