"""The keys of the jobs pane, on a real TimescaleDB and, where something must be stopped, on PostgreSQL."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from textual.pilot import Pilot

from console.app import ConsoleApp
from console.panes.jobs.view import JobsPane
from console.services.jobs.changing import Verb
from console.services.jobs.models import Job
from console.services.storage_actions.plan import Plan
from console.ui.confirm import ConfirmScreen
from console.ui.detail import DetailScreen
from console.ui.facts import facts_text
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.table import LineTable
from console.ui.value import ValueScreen
from tests.fixtures.timescale import Timescale
from tests.migrate.working import ask, one
from tests.panes import looks
from tests.panes.jobs import looks as jobs_looks
from tests.targets import target
from tests.ui.entering import enter
from tests.ui.waiting import until

WARD = """
create extension if not exists timescaledb;
create table public.audit_logs (created_at timestamptz not null);
select create_hypertable('public.audit_logs', 'created_at');
select add_retention_policy('public.audit_logs', interval '7 years');
create table public.done (n int);
create procedure public.tidy(job_id int, config jsonb) language sql as $$ insert into public.done values (job_id) $$;
select add_job('public.tidy', '1 hour');
"""

AUDIT, TIDY = 1000, 1001


class Driven:
    """A pane on a real server."""

    def __init__(self, app: ConsoleApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def pane(self) -> JobsPane:
        return self.app.query_one(JobsPane)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def unlock(self) -> None:
        """Open the write window."""
        self.app.window.open("the night shift")
        await until(self.pilot, lambda: self.app.query(Pane).first().writable)

    async def at(self, number: int) -> None:
        """Put the cursor on a job."""
        rows = self.app.query(LineTable).first().rows
        await self.press("g", *["j"] * [listed.job.id for listed in rows.shown].index(number))
        assert rows.current is not None

    async def asked(self) -> str:
        """Wait for the question; all that it says."""
        await until(self.pilot, lambda: isinstance(self.app.screen, ConfirmScreen))
        screen = self.app.screen
        assert isinstance(screen, ConfirmScreen)
        question = screen.question
        return f"{question.title}\n{facts_text(question.facts)}\n{question.consequence}"

    async def value(self) -> str:
        """Wait to be asked for a value; the one that there is."""
        await until(self.pilot, lambda: isinstance(self.app.screen, ValueScreen))
        return str(self.app.screen.query_one("Entry").value)  # type: ignore[attr-defined]  # it is an Entry

    async def told(self, words: str) -> None:
        """Wait for a note."""
        await until(self.pilot, lambda: any(words in note.message for note in self.app._notifications))


@asynccontextmanager
async def driven(pane: type[Pane[Any, Any]], where: Any, *, writable: bool = True) -> AsyncIterator[Driven]:
    app = looks.console(pane, where=where)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.query(Pane)) and app.query(Pane).first().state is State.DATA)
        driven = Driven(app, pilot)
        if writable:
            await driven.unlock()
        await until(pilot, lambda: isinstance(app.focused, LineTable))
        yield driven
        await app.database.close()


def told(server: Timescale, statement: str) -> list[Any]:
    with psycopg.connect(server.dsn(), autocommit=True, prepare_threshold=None) as connection:
        connection.execute("set client_min_messages = warning; set search_path = public")
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def ward(timescale: Timescale) -> Timescale:
    told(timescale, WARD)
    return timescale


async def test_run_pause_resume(ward: Timescale, home: Path) -> None:
    """First, while the window is closed, one job in detail, and no key that changes it."""
    async with driven(JobsPane, ward.target(), writable=False) as pane:
        await pane.at(AUDIT)
        await pane.press("R", "P", "I", "J", "C", "enter")
        await until(pane.pilot, lambda: isinstance(pane.app.screen, DetailScreen))
        page = pane.app.screen
        assert isinstance(page, DetailScreen)
        facts, blocks = dict(page._facts), {block.title: block.text for block in page._blocks}
        assert facts["calls"] == "_timescaledb_functions.policy_retention"
        assert facts["state"].startswith("✖ no scheduler")
        assert blocks["by hand"].count(str(AUDIT)) == 4
        assert "none that was written down" in blocks["last runs"]
        await pane.press("escape")
        await pane.unlock()
        await pane.at(TIDY)
        await pane.press("R")
        said = await pane.asked()
        assert f'call "public".run_job({TIDY});' in said
        assert "Nothing starts jobs here" in said
        await pane.press("y")
        await pane.told(f"Job {TIDY} ended well")
        await pane.press("P")
        assert f"alter_job({TIDY}, scheduled => false)" in await pane.asked()
        await pane.press("y")
        await pane.told(f"Job {TIDY} is paused")
        shown = pane.app.query(LineTable).first().rows
        await until(pane.pilot, lambda: any("ended well here" in r.note and r.job.state == "paused" for r in shown.all))
        await pane.at(TIDY)
        await pane.press("P")
        await pane.asked()
        await pane.press("y")
        await pane.told(f"Job {TIDY} is resumed")
    assert told(ward, "select n from done") == [(TIDY,)]
    assert told(ward, f"select scheduled from timescaledb_information.jobs where job_id = {TIDY}") == [(True,)]


async def test_settings(ward: Timescale, home: Path) -> None:
    """At last of a job that is deleted under the cursor."""
    async with driven(JobsPane, ward.target()) as pane:
        await pane.at(TIDY)
        await pane.press("I")
        assert await pane.value() == "3600 seconds"
        await pane.press("escape")
        await pane.press("I")
        await pane.value()
        await pane.press("ctrl+u")
        await enter(pane.pilot, "2 days")
        assert "every 2 d 00 h" in await pane.asked()
        await pane.press("y")
        await pane.told("is started every 2 d 00 h from now on")
        rows = pane.app.query(LineTable).first().rows
        await until(pane.pilot, lambda: any(row.job.interval == 2 * 86_400 for row in rows.all))  # in their new order
        await pane.at(AUDIT)
        await pane.press("J")
        assert '"drop_after": "7 years"' in await pane.value()
        await pane.press("ctrl+u")
        await enter(pane.pilot, '{"drop_after": "1 day"}')
        await pane.told("six years (2,192 days) at least")
        ((number,),) = told(ward, "select add_job('public.tidy', '1 hour')")
        await pane.press("r")
        await until(pane.pilot, lambda: any(row.job.id == number for row in rows.all))
        await pane.press("p")
        await pane.at(number)
        told(ward, f"select delete_job({number})")
        await pane.press("P")
        await pane.told(f"There is no job {number} here; it may have been deleted meanwhile.")
    assert told(ward, "select config ->> 'drop_after' from timescaledb_information.jobs "
                      f"where job_id = {AUDIT}") == [("7 years",)]  # fmt: skip


def planned(statement: str) -> Callable[..., Any]:
    """A pane whose jobs run a statement."""

    class Planned(jobs_looks.jobs()):  # type: ignore[misc]  # a class made for one test
        async def planned(self, verb: Verb, job: Job, value: str) -> Plan:
            return Plan(kind="job.run", target=f"job {job.id}", title="Run it", statements=(statement,),
                        consequence="It runs.", verb="run", by_itself=True)  # fmt: skip

    return Planned


async def test_a_run_from_here_can_be_stopped(pg18_migrated: str, home: Path) -> None:
    ask(pg18_migrated, "create procedure slow() language sql as 'select pg_sleep(600)'")
    sleeping = "select count(*) from pg_stat_activity where query = 'call public.slow()' and state = 'active'"
    async with driven(planned("call public.slow()"), target(pg18_migrated)) as pane:  # type: ignore[arg-type]
        await pane.press("R")
        await pane.asked()
        await pane.press("y")
        await until(pane.pilot, lambda: pane.pane._own_run is not None)
        while not one(pg18_migrated, sleeping):
            await pane.pilot.pause()
        await pane.press("C")
        await until(pane.pilot, lambda: pane.pane._own_run is None)
        while one(pg18_migrated, sleeping):
            await pane.pilot.pause()
    events = "select jsonb_agg(kind || ': ' || (detail ->> 'outcome')) from emr_console.event where kind like 'job.%'"
    assert one(pg18_migrated, events) == ["job.run: stopped"]


async def test_jobs_of_others_are_not_changed_from_here(pg18_database: str) -> None:
    async with driven(jobs_looks.jobs(jobs_looks.plain), target(pg18_database)) as pane:
        await pane.press("R")
        await pane.told("This job is pg_cron's")
        await pane.press("j", "P")
        await pane.told("The operating system starts this one")
