"""What the keys of the audit pane ask, and what an unattended console still shows."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from console.errors import TimedOut
from console.panes.audit.event_screen import EventScreen
from console.panes.audit.searching import SearchPane
from console.panes.audit.service import Found
from console.services.audit.overview import Hear
from console.ui.notice import Notice, State
from console.ui.value import ValueScreen
from tests.panes import looks
from tests.panes.audit import looks as audit_looks
from tests.panes.audit.searching import listed, pane, searched, settled, typed
from tests.panes.looks import NIGHT
from tests.panes.pictures import opened
from tests.ui.waiting import seen, until

ASKED = [
    ("P", "TEST-1", "patient:TEST-1 since:all"),
    ("A", "ana", "user:ana since:30d"),
    ("O", str(audit_looks.SESSION), f"session:{audit_looks.SESSION} since:30d"),
    ("Q", str(audit_looks.REQUEST), f"id:{audit_looks.REQUEST} since:30d"),
    ("H", "", "after-hours since:7d"),
    ("B", "", "bulk since:30d"),
    ("X", "", "action:export since:90d"),
    ("K", "", "action:break_glass since:90d"),
    ("N", "", "action:login_failed,access_denied,emr_verify_failed since:7d"),
    ("D", "TEST-1", "patient:TEST-1 action:export since:6y"),
    ("R", "", "action:config_change since:1y"),
    ("M", "", "days back to 1y"),
]
"""A key, the value that it asks for, if any, and the search that follows."""


async def test_each_question_is_one_key_and_one_value() -> None:
    trail = audit_looks.Told(rows=0)
    async with opened(audit_looks.audit(lambda: trail)) as pilot:
        for number, (key, value, search) in enumerate(ASKED):
            await pilot.press(key)
            if value or key == "M":
                await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
                await typed(pilot, value)
                await pilot.press("enter")
            await until(pilot, lambda n=number: len(trail.asked) > n)  # type: ignore[misc]  # bound in the loop
            assert trail.asked[number] == search, key
            pane(pilot).forget()
        await listed(pilot)  # of the days without events
        await pilot.press("escape", "H")
        await until(pilot, lambda: pane(pilot).found is not None and not pane(pilot)._reach.doing)
        for key, value, search in ASKED[:1] + ASKED[6:7]:
            await listed(pilot, "W")
            await pilot.press(key)
            if value:
                await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
                await pilot.press("ctrl+u")
                await typed(pilot, value)
                await pilot.press("enter")
            await until(pilot, lambda wanted=search: trail.asked[-1] == wanted)  # type: ignore[misc]  # the same
            await until(pilot, lambda: pane(pilot).found is not None and not pane(pilot)._reach.doing)


async def test_a_row_proposes_its_session_and_its_request() -> None:
    trail = audit_looks.Told()
    async with opened(audit_looks.audit(lambda: trail)) as pilot:
        near = "since:2026-03-13T03:07 until:2026-03-15T03:07"
        for key, field, uuid in (("O", "session", audit_looks.SESSION), ("Q", "id", audit_looks.REQUEST)):
            trail.asked.clear()
            await searched(pilot, "since:30d", key, "enter")
            await until(pilot, lambda: len(trail.asked) == 2)
            assert trail.asked[1] == f"{field}:{uuid} {near}"
        await searched(pilot, "since:30d", "g", "j", "j", "P", "enter")
        await seen(pilot, "The row's own is masked; its page reveals it")
        await seen(pilot, "Nothing is typed yet; esc leaves it as it is.")


async def test_all_rows_are_counted_which_may_fail_and_tells_how_far_back_it_is() -> None:
    counted, in_time = asyncio.Event(), False

    class Slow(audit_looks.Told):
        async def exact(self, found: Found, hear: Hear) -> int:
            if not in_time:
                raise TimedOut("The server gave up after 60 s.", hint="Narrow the search.")
            hear(NIGHT - timedelta(days=7))
            await counted.wait()
            return 1_204

    async with opened(audit_looks.audit(lambda: Slow(rows=120))) as pilot:
        await searched(pilot, "since:30d", "n")
        notice = pane(pilot).query_one(Notice)
        await until(pilot, lambda: notice.text == "The server gave up after 60 s. Narrow the search.")
        await pilot.press("r")
        await until(pilot, lambda: notice.text == "")
        await settled(pilot)
        assert pane(pilot).found.reach.rows < 50
        in_time = True
        await pilot.press("n")
        doing = f"counting all rows, back to {NIGHT - timedelta(days=7):%Y-%m-%d}"
        await until(pilot, lambda: pane(pilot)._reach.doing == doing)
        counted.set()
        await until(pilot, lambda: pane(pilot).found.reach.exact == 1_204)
        assert not pane(pilot)._reach.doing


async def test_an_unattended_console_shows_nothing_of_it() -> None:
    app: Any
    async with opened(looks.sessions(), audit_looks.audit()) as pilot:
        app = pilot.app
        for above in ((), ("enter",)):
            await app.action_show_pane("audit")
            await until(pilot, lambda: app.shown.NAME == "search" and app.shown.state is State.DATA)
            await pilot.press("slash")
            await typed(pilot, "patient:TEST-000123")
            await pilot.press("enter")
            await until(pilot, lambda: pane(pilot).found is not None and not pane(pilot)._reach.doing)
            await pilot.press(*above)
            await until(pilot, lambda keys=above: not keys or isinstance(app.screen, EventScreen))  # type: ignore[misc]
            await app.left_alone()
            assert app.shown.NAME == "sessions"
            assert len(app.screen_stack) == 1
            hidden = app.screen.query_one(SearchPane)
            assert hidden.found is None
            assert not hidden._line.entry.value
            assert not hidden._rows.rows.all


async def test_monitors_stay_where_they_are() -> None:
    app = looks.console(audit_looks.audit(), looks.sessions())
    app._start = "sessions"
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shown.state is State.DATA)
        await app.left_alone()
        assert app.shown.NAME == "sessions"


async def test_it_notices_by_itself_that_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    app = looks.console(looks.sessions())
    monkeypatch.setattr(type(app), "IDLE", 0.02)
    noticed: list[bool] = []

    async def alone() -> None:
        noticed.append(True)

    monkeypatch.setattr(app, "left_alone", alone)
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(noticed))
