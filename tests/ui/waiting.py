"""Waiting for what a screen will show."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot


async def until(pilot: Pilot[Any], true: Callable[[], bool]) -> None:
    """Process messages until this is so; ten seconds only end a hang."""
    async with asyncio.timeout(10):
        while not true():
            await pilot.pause()
