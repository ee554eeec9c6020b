"""The write window: a few minutes in which changes are allowed, opened with a reason."""

from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, cast

from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.timer import Timer

if TYPE_CHECKING:
    from console.ui.confirm import Question

WINDOW_MINUTES = 15
"""How long it stays open."""


class WriteWindow:
    """Open or closed; tells its owner every second while it is open, and when it closes."""

    class Changed(Message):
        """It was opened or closed, or a second passed."""

        def __init__(self, seconds: float | None, why: str = "") -> None:
            super().__init__()
            self.seconds = seconds
            """Until it closes; None: it is closed."""
            self.why = why
            """Why it was closed; empty while it is open."""

    def __init__(self, owner: MessagePump) -> None:
        self.reason = ""
        """Why it was opened."""
        self._owner = owner
        self._closes: float | None = None
        self._clock: Timer | None = None

    @property
    def is_open(self) -> bool:
        """Whether changes are allowed."""
        return self._closes is not None

    def open(self, reason: str) -> None:
        """Allow changes from now on."""
        self.reason, self._closes = reason, monotonic() + WINDOW_MINUTES * 60
        self._clock = self._owner.set_interval(1.0, self._tick)
        self._tick()

    def close(self, why: str) -> None:
        """Allow none any more; nothing happens if it is closed already."""
        if self._clock is not None:
            self._clock.stop()
            self._clock = self._closes = None
            self._owner.post_message(self.Changed(None, why))

    def _tick(self) -> None:
        if self._closes is None:
            return
        left = self._closes - monotonic()
        if left <= 0:
            self.close(f"its {WINDOW_MINUTES} minutes are over")
        else:
            self._owner.post_message(self.Changed(left))


class Windowed(Protocol):
    """An application with a write window."""

    window: WriteWindow
    """Whether changes are allowed, and why."""


def reason(app: App[Any]) -> str:
    """Why the write window of an application was opened."""
    return cast(Windowed, app).window.reason


def opening(place: str) -> "Question":
    """What a person is asked before it opens."""
    from console.ui.confirm import Question

    return Question(
        title=f"Open the write window on {place}",
        consequence=f"For {WINDOW_MINUTES} minutes this console can change things there;"
        " each change still asks by itself.",
        verb="open",
        reason=True,
    )
