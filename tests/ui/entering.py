"""Entering text in one go: each key on its own takes as long as a whole text."""

from typing import Any

from textual.pilot import Pilot

from console.ui.entry import Entry


async def enter(pilot: Pilot[Any], text: str) -> None:
    """Type it where the keyboard is, and press enter."""
    assert isinstance(pilot.app.focused, Entry)
    pilot.app.focused.insert_text_at_cursor(text)
    await pilot.press("enter")
