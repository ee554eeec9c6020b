"""Waiting for what a screen will show."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual._wait import SLEEP_GRANULARITY
from textual.pilot import Pilot
from textual.widget import Widget

from tests.fixtures.drawing import draw


async def until(pilot: Pilot[Any], true: Callable[[], bool]) -> None:
    """Process messages until this is so; ten seconds only end a hang."""
    async with asyncio.timeout(10):
        while not true():
            await pilot.pause()
            if not true():
                await asyncio.sleep(SLEEP_GRANULARITY)  # a timer or somebody else: the pause is over at once by now


def shown(pilot: Pilot[Any]) -> str:
    """What is on the screen, as text with one blank between two words."""
    strips = pilot.app.screen._compositor.render_strips()  # private; the public way makes a picture first
    return " ".join(" ".join(strip.text for strip in strips).split())


async def seen(pilot: Pilot[Any], text: str) -> None:
    """Wait until that is on the screen."""
    await until(pilot, lambda: text in shown(pilot))


async def drawn(widget: Widget) -> None:
    """Wait until everything that a widget was asked to do so far is done and on the screen."""
    done = asyncio.Event()
    widget.call_after_refresh(done.set)
    async with asyncio.timeout(10):
        await done.wait()
    draw(widget.app)
