"""What is typed, one thing after the other.

Textual gives a key to the widget that has the focus when the key comes; from there it rises, queue by queue, to whoever
takes it. Of keys that come at once a later one may have the shorter way: after `enter`, `enter`, `:` the second `enter`
could choose a command of the palette, which was not open yet when it was typed.
"""

import asyncio
from bisect import insort
from collections.abc import Awaitable, Callable, Container
from contextlib import suppress
from functools import partial
from operator import attrgetter
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.errors import NoWidget
from textual.events import Key, MouseDown, MouseEvent, MouseScrollDown, MouseScrollUp, MouseUp, Paste

Done = Key | Paste | MouseDown | MouseUp | MouseScrollDown | MouseScrollUp
"""What a person does; that the mouse moves changes nothing."""

LATE = 0.25
"""Seconds after which the next one goes all the same: what follows a key goes with the widget that it closes."""


Typed = Key | Paste
"""What a person types."""


def again(event: Typed) -> Typed:
    """The same once more, typed when that was."""
    return _then(Key(event.key, event.character) if isinstance(event, Key) else Paste(event.text), event.time)


def _then(event: Typed, time: float) -> Typed:
    event.time = time
    return event


def apart(event: Done, bound: Container[str]) -> list[Done]:
    """What was typed: a letter with alt that means nothing here is escape, and the letter that came at once after it.

    Textual cannot tell them apart, since a terminal sends the same. No arrow or function key is sent so.

    >>> [key.key for key in apart(Key("alt+shift+u", "U"), ())], [key.key for key in apart(Key("alt+left", None), ())]
    (['escape', 'U'], ['alt+left'])
    """
    if isinstance(event, Key) and event.key.startswith("alt+") and event.key not in bound:
        letter = event.character
        if letter is not None and letter.isalpha():
            return [_then(Key("escape", "\x1b"), event.time), _then(Key(letter, letter), event.time)]
    return [event]


class InTurn:
    """Sends each key, paste and click when the one before has been heard, in the order in which they were made.

    All of it runs in the app's own task. A key that is handed on by whoever was given it has still its time.
    """

    def __init__(self, app: App[Any], send: Callable[[Done], Awaitable[None]]) -> None:
        self._app, self._send = app, send
        self._waiting: list[Done] = []
        self._turns = 0
        self._late: asyncio.TimerHandle | None = None

    async def take(self, event: Done) -> None:
        """Send it, or have it wait for its turn."""
        insort(self._waiting, event, key=attrgetter("time"))
        if self._late is None:
            await self._next()

    def puts_back(self, event: Typed) -> bool:
        """Whether one that was made before it still waits, since it was kept for a while; then it waits, too."""
        early = bool(self._waiting) and self._waiting[0].time < event.time
        if early:
            insort(self._waiting, again(event), key=attrgetter("time"))
        return early

    async def _next(self) -> None:
        event = self._waiting.pop(0)
        self._turns += 1
        over = partial(self._over, self._turns)
        self._late = asyncio.get_running_loop().call_later(LATE, self._app.call_later, over)
        heard_by = self._heard_by(event)
        await self._send(event)
        self._follow(heard_by, over)

    def _heard_by(self, event: Done) -> DOMNode:
        if isinstance(event, MouseEvent):
            with suppress(NoWidget):
                return self._app.get_widget_at(event.x, event.y)[0]
            return self._app.screen
        return self._app.focused or self._app.screen

    def _follow(self, node: DOMNode | None, over: Callable[[], Awaitable[None]]) -> None:
        """Go behind it from queue to queue, and then behind what the app has told itself because of it."""
        if node is None or node is self._app:
            self._app.call_later(self._app.call_later, over)
        elif not node.call_later(self._follow, node.parent, over):  # it is closed
            self._follow(node.parent, over)

    async def _over(self, turn: int) -> None:
        if turn == self._turns and self._late is not None:
            self._late.cancel()
            self._late = None
            if self._waiting:
                await self._next()
