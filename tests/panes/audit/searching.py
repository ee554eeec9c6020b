"""Searching in the audit pane as a person does."""

from typing import Any

from textual import events
from textual.pilot import Pilot

from console.panes.audit.searching import SearchPane
from console.ui.choosing import ListScreen
from tests.ui.waiting import drawn, until


def pane(pilot: Pilot[Any]) -> Any:
    """The search, whatever lies above it."""
    return pilot.app.screen_stack[0].query_one(SearchPane)


async def typed(pilot: Pilot[Any], text: str) -> None:
    """Put a text in at once where the keyboard is."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until a search and what goes with it are on screen."""
    await until(pilot, lambda: pane(pilot).found is not None and not pane(pilot)._reach.doing)
    await until(pilot, lambda: pane(pilot)._over.span is not None)
    await drawn(pilot.app.screen)


async def searched(pilot: Pilot[Any], text: str, *keys: str) -> None:
    """Search, then press keys."""
    await pilot.press("slash", "ctrl+u")
    await typed(pilot, text)
    await pilot.press("enter")
    await settled(pilot)
    await pilot.press(*keys)


async def listed(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, and wait for a list to choose from."""
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(pilot.app.screen, ListScreen))
