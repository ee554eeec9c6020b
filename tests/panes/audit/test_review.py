"""The tabs Review and Seals on a real server: decided and signed behind questions; what is wrong stands on its day."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from textual.pilot import Pilot

from console.db import operator
from console.panes.audit.review.page import ReviewScreen
from console.panes.audit.view import AuditPane
from console.services.audit.review.service import Window
from console.ui.confirm import ConfirmScreen
from console.ui.detail import DetailScreen
from console.ui.notice import State
from tests.migrate.working import ask, one
from tests.panes import looks
from tests.panes.audit.searching import pane, typed
from tests.panes.audit.test_on_server import screen
from tests.services.audit.logging import ANA, event, note, users, write
from tests.targets import target
from tests.ui.waiting import until

pytestmark = pytest.mark.usefixtures("home")

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@asynccontextmanager
async def console(dsn: str, tab: str) -> AsyncIterator[Pilot[Any]]:
    """The console on a tab of the audit pane."""
    app = looks.console(AuditPane, where=target(dsn))
    async with app.run_test(size=(80, 24)) as pilot, app.database:
        await app._switcher.get_child_by_id("audit", AuditPane).action_show_tab(tab)
        await until(pilot, lambda: tab == app.shown.NAME and app.shown.state is not State.LOADING)
        await until(pilot, lambda: app.shown.asked is None)
        yield pilot


@pytest.fixture
def log(pg18_migrated: str) -> str:
    """Two uses of break-glass that nobody explains, and a week of other events."""
    users(pg18_migrated, ana=ANA)
    known = {"action": "BREAK_GLASS", "metadata": note(reason="Novak"), "emr_patient_id": "TP0000626"}
    write(pg18_migrated, [
        *(event(NOW - n * DAY, action="LOGIN", entity_type="USER") for n in range(9)),
        *(event(NOW - n * DAY, **known) for n in (2, 3)),
    ])  # fmt: skip
    ask(pg18_migrated, "insert into audit_log_details (audit_log_id, audit_log_created_at, created_at)"
        " select id, created_at, created_at from audit_logs")  # fmt: skip
    return pg18_migrated


def told(pilot: Pilot[Any]) -> str:
    """What was said beside the screen."""
    return " ".join(each.message for each in pilot.app._notifications)


async def agreed(pilot: Pilot[Any], reason: str = "") -> None:
    """Give a reason, and say yes."""
    await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
    if reason:
        await typed(pilot, reason)
        await pilot.press("enter", "enter")
    else:
        await pilot.press("y")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)


async def test_a_week_is_reviewed_decided_and_signed(log: str) -> None:
    decided = "select count(*) from emr_console.event where kind = 'review.dispose'"
    async with console(log, "review") as pilot:
        app: Any = pilot.app
        beginning = await screen(pilot)
        assert "never signed off, due weekly" in beginning
        assert "Nobody has signed off 92 of the last 92 days" in " ".join(beginning.split())
        assert one(log, "select count(*) from audit_logs where metadata ? 'review'") == 0
        await pilot.press("enter")
        await until(pilot, lambda: app.shown.state is State.DATA)
        queue = await screen(pilot)
        assert "2 of 2 open" in queue
        assert "Uses of break-glass without a reason: 1." in queue
        assert one(log, "select count(*) from audit_logs where metadata ? 'review'") == 1
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        page = await screen(pilot)
        assert "BREAK_GLASS" in page
        assert "***0626" in page
        assert not {"TP0000626", "Novak"} & set(page.split())
        await pilot.press("escape", "O")
        await until(pilot, lambda: "2 of 2 findings are not decided: a says appropriate" in told(pilot))
        assert len(app.screen_stack) == 1
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        facts = dict(app.screen.question.facts)
        at = NOW - 3 * DAY
        assert (facts["user"], facts["when"]) == ("ana", f"{at:%Y-%m-%d %H:%M} to {at:%Y-%m-%d %H:%M} UTC")
        await agreed(pilot, "on call that night")
        await until(pilot, lambda: one(log, decided) == 1 and len(app.shown._table.rows.shown) == 1)
        assert "1 decided; A shows it." in await screen(pilot)
        await pilot.press("space", "a")
        await agreed(pilot, "on call that night")
        await until(pilot, lambda: one(log, decided) == 2 and app.shown.state is State.EMPTY)
        assert "0 of 2 open" in await screen(pilot)
        await pilot.press("A")
        await until(pilot, lambda: app.shown.state is State.DATA)
        assert "appropriate" in await screen(pilot)
        assert not app.shown.remark(app.shown._docket)
        await pilot.press("O")
        await agreed(pilot, "week reviewed")
        await until(
            pilot, lambda: one(log, "select count(*) from emr_console.event where kind = 'review.sign-off'") == 1
        )
        await until(pilot, lambda: bool(app.shown._docket.signed))
        assert "signed off today, due weekly" in await screen(pilot)
        await pilot.press("u")
        await until(pilot, lambda: app.shown._docket.review is None)
        assert app.shown._docket.window.since == app.shown._docket.unsigned[0][0]


async def test_weeks_follow_one_another_up_to_yesterday(log: str) -> None:
    async with console(log, "review") as pilot:
        app: Any = pilot.app
        latest = app.shown._docket.window
        await pilot.press("f")
        await until(pilot, lambda: "This is the latest week" in told(pilot))
        assert app.shown._docket.window == latest
        app.shown._turn(Window(latest.since - 3 * DAY, latest.until - 3 * DAY))  # as u does
        await until(pilot, lambda: app.shown._docket.window.until == latest.until - 3 * DAY)
        for key, since, end in (("f", -3, 0), ("b", -10, -3), ("b", -17, -10), ("f", -10, -3)):
            shown = Window(latest.until + since * DAY, latest.until + end * DAY)
            await pilot.press(key)
            await until(pilot, partial(_is_shown, app, shown))


def _is_shown(app: Any, window: Window) -> bool:
    return app.shown.asked is None and bool(app.shown._docket.window == window)


async def test_nobody_decides_about_himself_and_a_finding_leads_to_its_search(
    log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator, "current", lambda: operator.Operator("ana", "ward-7"))
    async with console(log, "review") as pilot:
        app: Any = pilot.app
        await pilot.press("enter")
        await until(pilot, lambda: app.shown.state is State.DATA)
        await pilot.press("a")
        await agreed(pilot, "on call that night")
        await until(pilot, lambda: bool(app._notifications))
        assert "is about ana, who cannot decide" in told(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await pilot.press("s")
        await until(pilot, lambda: app.shown.NAME == "search" and pane(pilot).found is not None)
        assert pane(pilot).found.text.startswith(f"user:{ANA} since:")
    assert one(log, "select count(*) from emr_console.event where kind = 'review.dispose'") == 0


WAITING = (
    "select count(*) from pg_stat_activity where application_name like 'emr-console:export%' and "
    "wait_event_type = 'Lock' and datname = current_database()"
)


async def test_days_are_sealed_verified_and_told_apart(log: str) -> None:
    """Between, a verification that waits is stopped on the server."""
    async with console(log, "seals") as pilot:
        app: Any = pilot.app
        assert "No day of the audit log is sealed yet" in await screen(pilot)
        await pilot.press("L")
        await agreed(pilot)
        await until(pilot, lambda: app.shown.state is State.DATA)
        days = one(log, "select count(distinct day) from emr_console.seal")
        assert f"{days} days are sealed." in told(pilot)
        assert one(log, "select count(*) from emr_console.seal") == 2 * days
        sealed = await screen(pilot)
        assert "never hashed again; V hashes all of them" in sealed
        assert "● sealed" in sealed
        assert "too early" in sealed
        with psycopg.connect(log) as blocker:
            blocker.execute("lock table audit_logs in access exclusive mode")
            await pilot.press("V")
            await until(pilot, lambda: one(log, WAITING) == 1)
            await pilot.press("escape")
            await until(pilot, lambda: not app.shown._reach.doing)
            assert one(log, WAITING) == 0
        assert not app.shown._verified
        await pilot.press("V")
        await until(pilot, lambda: app.shown._verified is not None)
        assert "● proven" in await screen(pilot)
        write(log, [event(NOW - 6 * DAY, user_agent="later")])
        with psycopg.connect(log, autocommit=True) as owner:
            owner.execute("set session_replication_role = replica")
            owner.execute(
                "update audit_logs set user_agent = 'x' where created_at < %s and created_at >= %s",
                (NOW - 4.5 * DAY, NOW - 5.5 * DAY),
            )
        await pilot.press("V")
        await until(pilot, lambda: app.shown._verified.count("broken") == 1)
        assert "✖ 1 day broken, 1 day with late rows" in await screen(pilot)
        broken = next(day for day in app.shown._verified.days if day.state == "broken")
        assert broken.day == (NOW - 5 * DAY).date()
        await pilot.press("g", *["j"] * app.shown._verified.days.index(broken), "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        page = " ".join((await screen(pilot)).split())
        assert "The rows are not those that were sealed" in page
        assert "not signed" in page
        await pilot.press("escape", "r")
        await until(pilot, lambda: app.shown._verified is None and app.shown.asked is None)
        assert f"by {operator.current()}: broken" in await screen(pilot)
    proofs = ask(log, "select detail ->> 'outcome' from emr_console.event where kind = 'audit.verify' order by id")
    assert proofs == [("intact",), ("broken",)]
