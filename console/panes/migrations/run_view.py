"""The screen of a run: what happens as it happens, how to stop it, how it ended."""

import asyncio
from time import monotonic
from typing import ClassVar

from textual import work

from console.db.database import Database
from console.errors import ConsoleError, Defect
from console.migrate.interrupted import interrupted
from console.migrate.reports import Event, Result
from console.panes.migrations.course import Course
from console.panes.migrations.keys import RUN
from console.panes.migrations.service import Job
from console.panes.migrations.title import Title
from console.ui.atwork import AtWork
from console.ui.commands import CommandTable, bindings
from console.ui.confirm import ConfirmScreen, Consent, Question
from console.ui.followed import Clock, FollowedView


class RunScreen(AtWork[Result]):
    """Nothing else can be done while it runs, so that nobody leaves it in the middle without knowing."""

    COMMAND_TABLE: ClassVar[CommandTable] = RUN
    BINDINGS: ClassVar = bindings(RUN)
    STAY: ClassVar = "It is still running. C asks whether to stop it."

    def __init__(self, db: Database, job: Job, what: str, course: Course, *, clock: Clock = monotonic) -> None:
        super().__init__(what, Title(db), FollowedView(course, clock), clock)
        self._job = job
        self._course = course
        self._at_work: asyncio.Future[Result] | None = None
        self._stopping = False

    @property
    def answer(self) -> Result | None:
        """How it ended."""
        return self._course.result

    def begin(self) -> None:
        """Run it."""
        self._run()

    def broken(self, defect: Defect) -> None:
        """It ends with that."""
        self._end(Result(error=defect))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """It is stopped once: a second time would interrupt what is being put in order."""
        return False if action == "stop" and self._stopping else super().check_action(action, parameters)

    def action_stay(self) -> None:
        """Nobody leaves in the middle."""
        self.notify("It is being stopped." if self._stopping else self.STAY, timeout=3)

    def action_stop(self) -> None:
        """Ask whether to stop."""
        self.app.push_screen(ConfirmScreen(self._question()), self._stop)

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

    def _question(self) -> Question:
        return Question(
            title=f"Stop: {self._what}?",
            facts=[("running for", self.how_far())],
            consequence="The statement at work is cancelled on the server. What is committed stays;"
            " how things stand then is said here.",
            verb="stop",
        )

    def _stop(self, consent: Consent | None) -> None:
        if consent is not None and self._at_work is not None and not self._stopping:
            self._stopping = True
            self._at_work.cancel()
            self.refresh_bindings()

    def _hear(self, event: Event) -> None:
        self._course.hear(event, self._clock())
        self.call_later(self._view.follow)  # the run does not wait for the screen

    def _end(self, result: Result) -> None:
        self._course.result = result
        self.ended()
