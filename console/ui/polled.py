"""A widget that asks for its data again and again, each time after the last answer, while somebody looks at it."""

import random
from time import monotonic
from typing import Any, ClassVar, Generic, TypeVar

from textual import work
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import var
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from console.errors import (
    ConnectionFailed,
    ConsoleError,
    Defect,
    NoPrivilege,
    Refused,
    SignInRefused,
    Unsupported,
    UsageError,
)
from console.ui.notice import WORTH_SAYING
from console.ui.polling import backoff, stepped

Data = TypeVar("Data")


class Polled(Vertical, Generic[Data]):
    """Books the next load when the last has ended; asks nothing while hidden, or while a dialog lies above it."""

    INTERVAL: ClassVar[float | None] = 2.0
    """Seconds between two loads; None: one when it is shown, the others on request."""
    ELSEWHERE: ClassVar = False
    """Whether it asks on connections of its own, so that its answers say nothing of the console's."""

    paused: var[bool] = var(False, init=False)
    """Whether a person stopped the polling."""

    class Refreshed(Message):
        """New data is on screen."""

        def __init__(self, pane: "Polled[Any]", data: Any, at: float) -> None:
            super().__init__()
            self.pane = pane
            """On which."""
            self.data = data
            """The data."""
            self.at = at
            """When it came, on the monotonic clock."""

    class Troubled(Message):
        """A load failed."""

        def __init__(self, pane: "Polled[Any]", error: ConsoleError) -> None:
            super().__init__()
            self.pane = pane
            """Whose."""
            self.error = error
            """Why."""

    class Paced(Message):
        """It asks at another interval from now on, was stopped, or goes on."""

        def __init__(self, pane: "Polled[Any]", interval: float | None, paused: bool) -> None:
            super().__init__()
            self.pane = pane
            """Which."""
            self.interval = interval
            """Seconds between two loads; None: on request."""
            self.paused = paused
            """Whether it is stopped."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.interval = self.INTERVAL
        """Seconds between two loads, as the person last chose."""
        self.asked: float | None = None
        """When the question that is still open was asked, on the monotonic clock."""
        self.answered: float | None = None
        """When the last answer came."""
        self.due: float | None = None
        """When the next load is due; None if none is booked."""
        self.watched = False
        """Whether it is on screen; one that is left and shown again before anything was drawn has been there always."""
        self._next: Timer | None = None
        self._attempt = 0
        self._missed = False

    async def load(self) -> Data:
        """Ask; runs in a worker that is cancelled when nobody looks any more."""
        raise NotImplementedError

    def arrived(self, data: Data) -> None:
        """An answer came."""
        raise NotImplementedError

    def failed(self, error: ConsoleError) -> None:
        """None came."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Notice when a dialog covers the screen, and when it goes."""
        self.watch(self.screen, "stack_updates", self._make_up, init=False)

    def on_show(self) -> None:
        """Start asking."""
        self.watched = True
        self.pace()
        self.ask()

    def on_hide(self) -> None:
        """Stop asking, and give up what was asked."""
        self.watched = False
        self.give_up()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A defect of ours fails this widget, not the console; in anything but a load it is only told."""
        if event.state is not WorkerState.ERROR or event.worker.error is None:
            return
        defect = Defect.of(event.worker.error)
        if event.worker.group == "load":
            self._end(defect)
        else:
            self.notify(defect.sentence(), severity="error")

    def watch_paused(self) -> None:
        """Say so, and start again when it ends."""
        self.pace()
        self._cancel_next()
        if not self.paused:
            self.ask()

    def action_pause(self) -> None:
        """Stop polling, or go on."""
        self.paused = not self.paused

    def action_now(self) -> None:
        """Ask now, also while paused."""
        self.ask()

    def action_interval(self, step: int) -> None:
        """A longer or shorter interval."""
        if self.interval is not None:
            self.interval = stepped(self.interval, step)
            self.notify(f"every {self.interval:g} s", timeout=2)
            self.pace()
            self._book(self.interval)

    def action_back(self) -> None:
        """Give up a question that takes long; the server is told, and polling stops."""
        if self.asked is not None and monotonic() - self.asked >= WORTH_SAYING:
            self.give_up()
            self.paused = True
            self._end(ConsoleError("The question was given up.", hint="p goes on polling."))

    def prefer(self, interval: float | None) -> None:
        """Ask at this interval, if it asks by itself; None: at its own."""
        if self.interval is not None:
            self.interval = interval or self.interval

    def pace(self) -> None:
        """Say how often it asks."""
        self.post_message(self.Paced(self, self.interval, self.paused))

    def ask(self) -> None:
        """Load now, unless an answer is still awaited."""
        self._cancel_next()
        self._missed = self.app.screen is not self.screen
        if self.asked is None and self.is_on_screen and not self._missed:
            self.asked = monotonic()
            self._load(self.asked)

    def give_up(self) -> None:
        """Cancel what was asked, and what was booked."""
        self._cancel_next()
        self.asked = None
        self.workers.cancel_group(self, "load")

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self, asked: float) -> None:
        try:
            data = await self.load()
        except ConsoleError as error:
            self._end(error)
        else:
            self.answered, self._attempt = monotonic(), 0
            self.arrived(data)
            self.post_message(self.Refreshed(self, data, self.answered))
            self._book(self.interval)
        finally:
            if self.asked == asked:  # else it was given up, and perhaps asked again meanwhile
                self.asked = None

    def _end(self, error: ConsoleError) -> None:
        self._attempt += 1
        away = isinstance(error, ConnectionFailed)
        patience = backoff(self._attempt, random.random()) if away else self.interval
        self._book(None if hopeless(error) else patience)
        self.failed(error)
        self.post_message(self.Troubled(self, error))

    def _book(self, seconds: float | None) -> None:
        self._cancel_next()
        if seconds is not None and not self.paused:
            self.due = monotonic() + seconds
            self._next = self.set_timer(seconds, self.ask)

    def _cancel_next(self) -> None:
        if self._next is not None:
            self._next.stop()
        self._next = self.due = None

    def _make_up(self) -> None:
        if self._missed:
            self.ask()


def hopeless(error: ConsoleError) -> bool:
    """Whether the same question would get the same answer until a person does something.

    >>> hopeless(NoPrivilege("It needs pg_monitor.")), hopeless(ConnectionFailed("No server answers."))
    (True, False)
    """
    return isinstance(error, Unsupported | NoPrivilege | Defect | UsageError | Refused | SignInRefused)
