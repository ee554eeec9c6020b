"""The jobs pane: one line a job, the worst first; what several fail of alike above them, one job in detail."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.timer import Timer

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.jobs import service
from console.panes.jobs.cards import Cards
from console.panes.jobs.columns import COLUMNS, Listed
from console.panes.jobs.detail import page
from console.panes.jobs.keys import JOBS
from console.services.jobs import changing
from console.services.jobs.changing import Verb
from console.services.jobs.models import Job, Jobs, JobState, Source
from console.services.storage_actions.plan import Plan
from console.shared.acting import TOLD, agreed, carried_out
from console.ui.commands import CommandTable, bindings
from console.ui.listing import Listing
from console.ui.pane import Pane
from console.ui.screens import attended
from console.ui.table import LineTable
from console.ui.value import ValueScreen
from console.units import age

OTHERS = {
    Source.PG_CRON: "This job is pg_cron's; enter shows the statements that change it.",
    Source.MAINTAIN: "The operating system starts this one: look into the crontab or timer of emr-console maintain.",
}
"""What is said where a key has nothing to act on."""

ASKED: dict[Verb, tuple[str, Callable[[Job], str]]] = {
    "interval": ("Start it every, such as 1 hour or 90 minutes:", lambda job: f"{job.interval or 0:g} seconds"),
    "config": ("What it is told, as a JSON object:", lambda job: json.dumps(job.config)),
}
"""Changes that take a value: what is asked for, and the value as it is now."""


class JobsPane(Pane[Database, Jobs]):
    """What runs by itself, and why it fails."""

    NAME: ClassVar = "jobs"
    TITLE: ClassVar = "Jobs"
    SHORT: ClassVar = "Jobs"
    KEY: ClassVar = "7"
    INTERVAL: ClassVar = 5.0
    COMMAND_TABLE: ClassVar[CommandTable] = JOBS
    BINDINGS: ClassVar = bindings(JOBS)

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._jobs: Jobs | None = None
        self._ran: dict[object, str] = {}
        self._own_run: tuple[str, float] | None = None  # the job that runs on our own connection, and since when
        self._seconds: Timer | None = None  # counts the seconds of it

    def head(self) -> ComposeResult:
        """The sums and the cards."""
        yield Cards()

    def body(self) -> ComposeResult:
        """The jobs."""
        yield Listing(COLUMNS, key=lambda r: r.job.key, as_json=Listed.as_json)

    async def load(self) -> Jobs:
        """Ask how they stand."""
        return await service.snapshot(self.database)

    async def detail(self, job: Job) -> service.Detail:
        """Ask for the past of one job."""
        return await service.detail(self.database, job)

    async def planned(self, verb: Verb, job: Job, value: str) -> Plan:
        """Ask what a change of one job would be now."""
        return await service.planned(self.database, verb, job, value)

    def show(self, data: Jobs) -> None:
        """Put them on screen."""
        self._jobs = data
        self.query_one(Cards).show(data)
        self.query_one(Listing).show([Listed(job, data.as_of, self._ran.get(job.key, "")) for job in data.jobs])

    def nothing(self, data: Jobs) -> str:
        """No job of any kind."""
        if data.jobs:
            return ""
        return "\n".join([data.unavailable or "There are no jobs.", *data.missing])

    def remark(self, data: Jobs) -> str:
        """What our role does not see."""
        return " ".join(data.missing)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to stop unless something runs here."""
        return self._own_run is not None if action == "stop_run" else super().check_action(action, parameters)

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            self._detail(event.row)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _detail(self, listed: Listed) -> None:
        from console.ui.detail import open_page

        try:
            found = await self.detail(listed.job)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
            return
        open_page(self, page(listed, found.runs, found.kept, found.script))

    def action_change(self, verb: Verb) -> None:
        """Change the job under the cursor, after a question."""
        job = self._chosen()
        if job is not None:
            self._change(verb, job)

    def action_pause_job(self) -> None:
        """Pause the job under the cursor, or resume it."""
        job = self._chosen()
        if job is not None:
            self._change("resume" if job.state is JobState.PAUSED else "pause", job)

    def action_stop_run(self) -> None:
        """End the run on our own connection; the server is told."""
        self.workers.cancel_group(self, "run")

    def _chosen(self) -> Job | None:
        """The job under the cursor, if it is one that can be changed from here."""
        listed = self.query_one(Listing).table.rows.current
        if listed is None:
            return None
        job: Job = listed.job
        if job.source in OTHERS:
            self.notify(OTHERS[job.source])
            return None
        return job

    @work(group="change", exit_on_error=False)
    async def _change(self, verb: Verb, job: Job) -> None:
        try:
            value = await self._value(verb, job)
            plan = None if value is None else await self.planned(verb, job, value)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error", timeout=TOLD)
            return
        if plan is None or not attended(self):
            return
        why = await agreed(self, plan)
        if why is None:
            return
        if changing.runs_here(plan):
            self._run(plan, job, why)
        else:
            await carried_out(self, plan, why)

    async def _value(self, verb: Verb, job: Job) -> str | None:
        """The new value that a change takes; None where a person left it as it is."""
        if verb not in ASKED:
            return ""
        label, now = ASKED[verb]
        return await self.app.push_screen_wait(ValueScreen(f"{verb.capitalize()} of job {job.id}", label, now(job)))

    @work(group="run", exit_on_error=False)
    async def _run(self, plan: Plan, job: Job, why: str) -> None:
        """Run it on our own connection; what becomes of it stands in the list, because its record does not count it."""
        self._began(plan.target)
        ended = "was stopped"
        try:
            done = await carried_out(self, plan, why)
            ended = "ended well" if done else "failed"
        finally:
            self._ran[job.key] = f"{ended} here at {datetime.now(UTC):%H:%M}"
            self._began(None)

    def _began(self, target: str | None) -> None:
        """A run from here has begun, or there is none any more."""
        self._own_run = None if target is None else (target, monotonic())
        if self._seconds is not None:
            self._seconds.stop()
        self._seconds = None if target is None else self.set_interval(1.0, self._tell_run)
        self._tell_run()
        self.refresh_bindings()

    def _tell_run(self) -> None:
        told = ""
        if self._own_run is not None:
            target, since = self._own_run
            told = f"{target} runs from here for {age(monotonic() - since)}; C stops it"
        self.query_one(Cards).run_here(told)
