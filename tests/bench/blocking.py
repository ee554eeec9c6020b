"""What a refresh costs the console itself: CPU, and how long the event loop sees to nothing else, keys among it."""

import asyncio
from collections.abc import Callable
from time import process_time, thread_time
from typing import Any

from console.db.database import Database
from console.panes.storage.chunks import ChunksPane
from console.panes.storage.tables import HypertableListPane
from console.panes.storage.view import StoragePane
from console.ui.notice import State
from console.ui.polled import Polled
from tests.panes import looks
from tests.targets import target
from tests.ui.waiting import until

SIZE = (80, 24)


async def refreshes(dsn: str, times: int) -> dict[str, tuple[float, float]]:
    """Milliseconds of CPU and of the longest block, the best of several, by what is pressed in the list of chunks."""
    app = looks.console(StoragePane)
    app.database = Database(target(dsn))
    async with app.database, app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: bool(app.query(HypertableListPane)))
        await until(pilot, lambda: app.query_one(HypertableListPane).state is State.DATA)
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.query(ChunksPane)))
        pane = app.query_one(ChunksPane)
        await until(pilot, lambda: pane.state is State.DATA)
        pane.paused = True
        return {
            name: (
                min([await _cpu(pane, do) for _ in range(times)]),
                min([await _block(pane, do) for _ in range(times)]),
            )
            for name, do in {"refresh": pane.ask, "all anew": pane.action_now}.items()
        }


async def _cpu(pane: Polled[Any], do: Callable[[], None]) -> float:
    began = process_time()
    await _through(pane, do)
    return (process_time() - began) * 1_000


async def _block(pane: Polled[Any], do: Callable[[], None]) -> float:
    """The longest turn of the event loop, in its own CPU time: others are at work on this machine."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        before = thread_time()
        while True:
            await asyncio.sleep(0)
            now = thread_time()
            longest, before = max(longest, now - before), now

    watching = asyncio.create_task(watch())
    await _through(pane, do)
    watching.cancel()
    return longest * 1_000


async def _through(pane: Polled[Any], do: Callable[[], None]) -> None:
    """Do it, until the answer is on screen."""
    before = pane.answered
    do()
    while pane.answered == before or pane.asked is not None:  # noqa: ASYNC110 - a pane is not asked for events here
        await asyncio.sleep(0.001)
    painted = asyncio.Event()
    pane.call_after_refresh(painted.set)
    await painted.wait()
