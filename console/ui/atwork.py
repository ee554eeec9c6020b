"""A screen on which something is at work, and which nobody leaves in the middle."""

from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.worker import Worker, WorkerState

from console.errors import Defect
from console.ui.followed import Clock, FollowedView
from console.ui.footer import Footer
from console.ui.screens import Dialog
from console.ui.text import age
from console.ui.titlebar import TitleBar
from console.ui.toosmall import TooSmall

R = TypeVar("R")


class AtWork(Dialog[R]):
    """What is done, how far it is, how to stop it; a subclass begins it, and says when it has ended."""

    AUTO_FOCUS = "FollowedView"
    DEFAULT_CSS = "AtWork { background: $background; }"
    STAY: ClassVar[str]
    """Told to who wants to leave in the middle."""

    def __init__(self, what: str, title: TitleBar, view: FollowedView[Any], clock: Clock) -> None:
        super().__init__()
        self._what = what
        self._title = title
        self._view = view
        self._clock = clock
        self._began = clock()

    @property
    def answer(self) -> R | None:
        """What it answers with; None as long as something is at work."""
        raise NotImplementedError

    def begin(self) -> None:
        """Start it, in a worker."""
        raise NotImplementedError

    def broken(self, defect: Defect) -> None:
        """A mistake of ours has ended it."""
        raise NotImplementedError

    def how_far(self) -> str:
        """What stands beside the title."""
        return age(self._clock() - self._began)

    def compose(self) -> ComposeResult:
        """What is done, how it goes, the keys."""
        yield self._title
        yield self._view
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        """Start; count the seconds."""
        self._ticking = self.set_interval(1.0, self.tick)
        self.tick()
        self.begin()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A mistake of ours ends the work, not the console."""
        if event.state is WorkerState.ERROR and event.worker.error:
            self.broken(Defect.of(event.worker.error))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to stop after the end, and no way back before it."""
        if action in ("stop", "stay"):
            return self.answer is None
        return self.answer is not None if action == "close" else super().check_action(action, parameters)

    def action_stay(self) -> None:
        """Nobody leaves in the middle."""
        self.notify(self.STAY, timeout=3)

    def action_close(self) -> None:
        """Back, now that it has ended."""
        if self.is_current:
            self.dismiss(self.answer)

    def tick(self) -> None:
        """Show how far it is."""
        self._title.say(self._what, self.how_far())
        self._view.follow()

    def ended(self) -> None:
        """Nothing is at work any more: show how it ended, and the way back."""
        self._ticking.stop()
        self.tick()
        self.refresh_bindings()
