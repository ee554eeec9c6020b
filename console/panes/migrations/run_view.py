"""The screen of a run: what happens as it happens, how to stop it, how it ended."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.worker import Worker, WorkerState

from console.db.database import Database
from console.errors import ConsoleError, Defect
from console.migrate.interrupted import interrupted
from console.migrate.reports import Event, Result
from console.panes.migrations.course import Course
from console.panes.migrations.keys import RUN
from console.panes.migrations.service import Job
from console.panes.migrations.title import Title
from console.ui.commands import CommandTable, bindings
from console.ui.confirm import ConfirmScreen, Consent, Question
from console.ui.followed import FollowedView
from console.ui.footer import Footer
from console.ui.lines import Line
from console.ui.text import age
from console.ui.toosmall import TooSmall

Clock = Callable[[], float]
"""Seconds since some moment."""


class CourseView(FollowedView):
    """The lines of a run, the last ones in sight."""

    def __init__(self, course: Course, clock: Clock) -> None:
        super().__init__()
        self._course = course
        self._clock = clock

    def worked_out(self) -> list[Line]:
        """Those of the run as it stands."""
        return self._course.lines(self.room.width, self._clock())


class RunScreen(ModalScreen[Result]):
    """Nothing else can be done while it runs, so that nobody leaves it in the middle without knowing."""

    AUTO_FOCUS = "CourseView"
    COMMAND_TABLE: ClassVar[CommandTable] = RUN
    BINDINGS: ClassVar = bindings(RUN)
    DEFAULT_CSS = "RunScreen { background: $background; }"

    def __init__(self, db: Database, job: Job, what: str, course: Course, *, clock: Clock = monotonic) -> None:
        super().__init__()
        self._job = job
        self._what = what
        self._course = course
        self._title = Title(db)
        self._view = CourseView(course, clock)
        self._at_work: asyncio.Future[Result] | None = None
        self._clock = clock
        self._began = clock()

    def compose(self) -> ComposeResult:
        """What and where, the run, the keys."""
        yield self._title
        yield self._view
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        """Start it; count its seconds."""
        self._ticking = self.set_interval(1.0, self._tick)
        self._tick()
        self._run()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to stop after the end, and no way back before it."""
        if action in ("stop", "stay"):
            return self._course.result is None
        return self._course.result is not None if action == "close" else super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Ask whether to stop."""
        self.app.push_screen(ConfirmScreen(self._question()), self._stop)

    def action_stay(self) -> None:
        """Nobody leaves in the middle."""
        self.notify("It is still running. C asks whether to stop it.", timeout=3)

    def action_close(self) -> None:
        """Back, now that it has ended."""
        if self.is_current:
            self.dismiss(self._course.result)

    @work(group="run", exit_on_error=False)
    async def _run(self) -> None:
        """The run is a task of its own: cancelling it leaves this one to tell how it ended."""
        self._at_work = asyncio.ensure_future(self._job(self._hear))
        try:
            result = await self._at_work
        except ConsoleError as error:  # something stood in the way before anything was changed
            result = Result(error=error)
        except asyncio.CancelledError:
            result = interrupted(self._course.events)
        self._end(result)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A mistake of ours ends the run, not the console."""
        if event.state is WorkerState.ERROR and event.worker.error:
            self._end(Result(error=Defect.of(event.worker.error)))

    def _question(self) -> Question:
        return Question(
            title=f"Stop: {self._what}?",
            facts=[("running for", age(self._clock() - self._began))],
            consequence="The statement at work is cancelled on the server. What is committed stays;"
            " how things stand then is said here.",
            verb="stop",
        )

    def _stop(self, consent: Consent | None) -> None:
        if consent is not None and self._at_work is not None:
            self._at_work.cancel()

    def _hear(self, event: Event) -> None:
        self._course.hear(event, self._clock())
        self.call_later(self._view.follow)  # the run does not wait for the screen

    def _tick(self) -> None:
        self._title.say(self._what, age(self._clock() - self._began))
        self._view.follow()

    def _end(self, result: Result) -> None:
        self._ticking.stop()
        self._course.result = result
        self._tick()
        self.refresh_bindings()
