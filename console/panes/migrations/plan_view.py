"""The screen of a plan: what would be lost, what would be done, and what has to be typed before it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.worker import Worker, WorkerState

from console import folders
from console.db.database import Database
from console.errors import ConsoleError, Defect
from console.migrate.plan.reports import Plan
from console.migrate.reports import Result
from console.migrate.terms import is_grave, word_of
from console.panes.migrations import service
from console.panes.migrations.agreement import Agreement, Demand
from console.panes.migrations.course import Course
from console.panes.migrations.keys import PLAN
from console.panes.migrations.models import Goal, InTheWay
from console.panes.migrations.plan_facts import backup_possible, refusal
from console.panes.migrations.plan_text import PlanText
from console.panes.migrations.run_view import RunScreen
from console.panes.migrations.service import Agreed
from console.panes.migrations.title import Title, named
from console.ui.commands import CommandTable, bindings
from console.ui.confirm import ConfirmScreen, Consent, Question
from console.ui.footer import Footer
from console.ui.notice import Notice
from console.ui.pane import Pane
from console.ui.screens import Sheet
from console.ui.text import duration
from console.ui.toosmall import TooSmall
from console.ui.window import reason

COUNTING = "Counting what would be lost ..."
"""While a rollback is being planned."""

READING = "Reading the files and the database ..."
"""While applying is being planned."""

REHEARSING = "Trying it on a scratch database ..."
"""While it is being rehearsed."""


class PlanScreen(Sheet[None]):
    """Reading is always possible; what runs it exists only in the write window, and enter alone never does it."""

    AUTO_FOCUS = "PlanText"
    COMMAND_TABLE: ClassVar[CommandTable] = PLAN
    BINDINGS: ClassVar = bindings(PLAN)
    DEFAULT_CSS = "PlanScreen > Agreement { dock: bottom; margin-bottom: 1; }"

    def __init__(self, pane: Pane[Database, Any], goal: Goal) -> None:
        super().__init__()
        self._pane = pane
        self._goal = goal
        self._plan: Plan | None = None
        self._backup = False
        self._title = Title(pane.database)
        self._text = PlanText()
        self._notice = Notice()
        self._agreement = Agreement()

    def compose(self) -> ComposeResult:
        """What and where, the plan, what has to be typed, the keys."""
        yield self._title
        yield self._text
        yield self._notice
        yield self._agreement
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        """Make the plan; follow the write window."""
        self.watch(self._pane, "writable", self._offer, init=False)
        self._ask()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What leads to running it exists only where that may be done."""
        plan = self._plan if self._pane.writable else None
        if action == "go_on":
            return plan is not None and not refusal(plan, backup=self._backup)
        if action == "backup":
            return plan is not None and backup_possible(plan) and not refusal(plan, backup=True)
        if action == "rehearse":
            return plan is not None and bool(plan.rows)
        return super().check_action(action, parameters)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A mistake of ours is said."""
        if event.state is WorkerState.ERROR and event.worker.error:
            self._fail(Defect.of(event.worker.error))

    async def load(self, *, rehearse: bool) -> tuple[Plan, Sequence[InTheWay]]:
        """Make the plan, and look who is in its way; runs in a worker that is cancelled when nobody waits any more."""
        plan = await service.plan(self._pane.database, self._goal, rehearse=rehearse)
        return plan, await service.in_the_way(self._pane.database, plan)

    def action_again(self) -> None:
        """Make the plan anew."""
        self._ask()

    def action_rehearse(self) -> None:
        """Make it anew, and try it."""
        self._ask(rehearse=True)

    def action_backup(self) -> None:
        """With a backup first, or without."""
        self._backup = not self._backup
        self._offer()

    def action_close(self) -> None:
        """Back to the pane; a query that goes on is cancelled with the worker."""
        if self.is_current:
            self.dismiss(None)

    def action_go_on(self) -> None:
        """To what has to be typed; applying is asked in a question of its own, whose answer is no unless said yes."""
        if self._goal.back:
            self._agreement.go_on()
        elif self._plan is not None:
            self.app.push_screen(ConfirmScreen(self._question(self._plan)), self._apply)

    @on(Agreement.Given)
    def _roll_back(self, event: Agreement.Given) -> None:
        self._start(Agreed(event.reason, event.folder))

    def _apply(self, consent: Consent | None) -> None:
        if consent is not None:
            self._start(Agreed(self._reason))

    def _ask(self, *, rehearse: bool = False) -> None:
        self._plan = None
        self._title.say(f"Plan: {_aim(self._goal)}")
        self._text.display = False
        said = REHEARSING if rehearse else COUNTING if self._goal.back else READING
        self._notice.say(f"{said}\nesc gives up", whole=True)
        self._offer()
        self._make(rehearse)

    @work(exclusive=True, group="plan", exit_on_error=False)
    async def _make(self, rehearse: bool) -> None:
        try:
            plan, in_the_way = await self.load(rehearse=rehearse)
        except ConsoleError as error:
            self._fail(error)
        else:
            self._show(plan, in_the_way)

    def _show(self, plan: Plan, in_the_way: Sequence[InTheWay]) -> None:
        self._plan = plan
        self._title.say(f"{self._verb} {self._named}", f"plan {plan.sha256[:4]}…{plan.sha256[-3:]}")
        self._notice.say("", whole=False)
        self._text.display = True
        self._text.show(plan, in_the_way)
        self._text.focus()
        self._offer()

    def _fail(self, error: ConsoleError) -> None:
        parts = [part for part in (error.message, error.state, error.hint) if part]
        self._notice.say("\n".join([*parts, "", "r plans again"]), whole=True)

    def _offer(self) -> None:
        """Say what has to be typed, or why nothing can be."""
        plan = self._plan
        if plan is None:
            self._agreement.say("")
        elif said := refusal(plan, backup=self._backup):
            self._agreement.say(said)
        elif not self._pane.writable:
            self._agreement.say("Only to be read: U opens the write window, in which it can be run.")
        elif not self._goal.back:
            self._agreement.say("enter asks whether to apply it.")
        else:
            self._agreement.ask(self._demand(plan))
        if self._agreement.typing and (plan is None or not self._pane.writable):
            self._text.focus()
        self.refresh_bindings()

    def _demand(self, plan: Plan) -> Demand:
        them = "it" if len(plan.rows) == 1 else f"these {len(plan.rows)}"
        guarded = service.guarded(self._pane.database)
        grave = is_grave(everything=self._goal.all, emergency=self._backup, guarded=guarded)
        return Demand(
            word=plan.database if grave else word_of([row.label for row in plan.rows]),
            purpose=f"to roll {them} back",
            reason=self._reason,
            folder=str(_backups()) if self._backup else None,
        )

    def _question(self, plan: Plan) -> Question:
        late = f" You agree that writers wait for about {duration(plan.held)}." if plan.accept_stall else ""
        return Question(
            title=f"Apply {self._named} on {plan.database}",
            facts=[(row.version, row.name) for row in plan.rows],
            consequence=f"The schema is changed as the plan says.{late}",
            verb="apply",
            typed=plan.database if service.guarded(self._pane.database) else "",
        )

    def _start(self, agreed: Agreed) -> None:
        plan = self._plan
        if plan is None or self._pane.still(agreed) is None:
            return
        verb = "Rolling back" if self._goal.back else "Applying"
        course = Course([row.label for row in plan.rows], _texts(plan))
        job = service.run(self._pane.database, self._goal, plan, agreed)
        self.app.push_screen(RunScreen(self._pane.database, job, f"{verb} {self._named}", course), self._ended)

    def _ended(self, result: Result | None) -> None:
        """What is done leads back to the pane; else the plan may have become another one."""
        if result is not None and result.done:
            self.dismiss(None)
        else:
            self._ask()

    @property
    def _verb(self) -> str:
        return "Roll back" if self._goal.back else "Apply"

    @property
    def _named(self) -> str:
        return named([row.label for row in self._plan.rows] if self._plan else [])

    @property
    def _reason(self) -> str:
        return reason(self.app)


def _aim(goal: Goal) -> str:
    """What is asked for, before it is known which migrations that means."""
    if goal.back:
        return "roll back everything" if goal.all else f"roll back to {goal.to}" if goal.to else "roll back the last"
    return f"apply up to {goal.to}" if goal.to else "apply all that is pending"


def _texts(plan: Plan) -> dict[tuple[str, int], str]:
    """What each statement is, for whoever watches it run."""
    return {(row.version, each.number): " ".join(each.sql.split()) for row in plan.rows for each in row.statements}


def _backups() -> Path:
    return folders.state() / "backups"
