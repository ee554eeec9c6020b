"""How the audit pane looks, and what its keys do."""

import asyncio
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from textual import events
from textual.pilot import Pilot

from console.errors import NoPrivilege, TimedOut
from console.panes.audit.event_screen import EventScreen
from console.panes.audit.searching import SearchPane
from console.panes.audit.service import Found
from console.services.audit.overview import Hear
from console.ui.choosing import ListScreen
from console.ui.notice import Notice, State
from console.ui.value import ValueScreen
from tests.panes import looks
from tests.panes.audit import looks as audit_looks
from tests.panes.looks import NIGHT
from tests.panes.pictures import LARGE, SMALL, Picture, opened
from tests.ui.waiting import drawn, seen, until


def pane(pilot: Pilot[Any]) -> Any:
    """The search, whatever lies above it."""
    return pilot.app.screen_stack[0].query_one(SearchPane)


async def typed(pilot: Pilot[Any], text: str) -> None:
    """Put a text in at once where the keyboard is."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until a search and what goes with it are on screen."""
    await until(pilot, lambda: pane(pilot).found is not None and not pane(pilot)._reach.doing)
    await until(pilot, lambda: pane(pilot)._over.span is not None)
    await drawn(pilot.app.screen)


async def searched(pilot: Pilot[Any], text: str, *keys: str) -> None:
    """Search, then press keys."""
    await pilot.press("slash", "ctrl+u")
    await typed(pilot, text)
    await pilot.press("enter")
    await settled(pilot)
    await pilot.press(*keys)


async def listed(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, and wait for a list to choose from."""
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(pilot.app.screen, ListScreen))


async def test_busy_audit(picture: Picture) -> None:
    async with opened(audit_looks.audit()) as pilot:
        await picture(pilot, "twelve questions")
        await searched(pilot, "patient:TEST-000123 -action:search since:30d", "j")
        await picture(pilot, "busy", SMALL)
        await pilot.resize_terminal(*LARGE)
        await pilot.press("r")  # a larger terminal gets more rows at once
        await settled(pilot)
        await pilot.press("j")
        await picture(pilot, "busy", LARGE)


async def test_a_search_that_is_typed(picture: Picture) -> None:
    async with opened(audit_looks.audit()) as pilot:
        for text in ("action:vew since:7d", "-ac", "user:a"):
            await pilot.press("slash", "ctrl+u")
            await typed(pilot, text)
            await picture(pilot, text)


async def test_nothing_found(picture: Picture) -> None:
    async with opened(audit_looks.audit(audit_looks.nothing)) as pilot:
        await searched(pilot, "action:break_glass since:7d")
        await picture(pilot, "nothing")


async def test_not_recorded(picture: Picture) -> None:
    async with opened(audit_looks.audit(audit_looks.unrecorded)) as pilot:
        await searched(pilot, "action:export")
        await picture(pilot, "not recorded")


async def test_denied(picture: Picture) -> None:
    class Denied(audit_looks.Told):
        async def standing(self) -> NoReturn:
            raise NoPrivilege(
                "The audit log stands in public.audit_logs, which ana may not read.",
                hint='Its owner can give the right: GRANT SELECT ON public.audit_logs TO "ana";',
            )

    async with opened(audit_looks.audit(Denied)) as pilot:
        await picture(pilot, "denied")


async def page_opened(pilot: Pilot[Any]) -> None:
    """The page of the first row."""
    await searched(pilot, "since:30d", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, EventScreen))
    await drawn(pilot.app.screen)


async def reveal(pilot: Pilot[Any], reason: str) -> None:
    """Give a reason on the page of a row."""
    await pilot.press("v")
    await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
    await typed(pilot, reason)
    await pilot.press("enter")
    await drawn(pilot.app.screen)


async def test_the_page_of_a_row(picture: Picture) -> None:
    """What is revealed is not copied; the page leads to the row's request."""
    trail = audit_looks.Told()
    async with opened(audit_looks.audit(lambda: trail), size=(80, 30)) as pilot:
        await page_opened(pilot)
        page: Any = pilot.app.screen
        await picture(pilot, "one")
        await pilot.resize_terminal(*SMALL)
        await reveal(pilot, "curious")
        await picture(pilot, "why a reveal is refused")
        await pilot.press("ctrl+u")
        await typed(pilot, "complaint: letter of 12 May")
        await pilot.press("enter")
        await until(pilot, lambda: page.is_clear)
        await pilot.press("y")
        assert pilot.app.clipboard == ""
        await pilot.press("Q")
        await until(pilot, lambda: len(trail.asked) == 2)
        assert trail.asked[1].startswith(f"id:{audit_looks.REQUEST} since:")
        await until(pilot, lambda: pilot.app.focused is pane(pilot)._rows)


async def test_what_is_revealed_goes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EventScreen, "SECONDS", 0.05)
    async with opened(audit_looks.audit()) as pilot:
        await page_opened(pilot)
        page: Any = pilot.app.screen
        masked = list(page._blocks)
        shown: list[bool] = []
        redraw = page.redraw

        async def noted() -> None:
            await redraw()
            shown.append("TP0000123" in str([block.text for block in page._blocks]))

        monkeypatch.setattr(page, "redraw", noted)
        await reveal(pilot, "complaint: letter of 12 May")
        await until(pilot, lambda: len(shown) == 2)
        assert shown == [True, False]
        assert page._blocks == masked


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


async def test_lists_of_days_and_of_frequent_values_of_which_one_narrows_the_search(picture: Picture) -> None:
    trail = audit_looks.Told()
    async with opened(audit_looks.audit(lambda: trail)) as pilot:
        await searched(pilot, "since:30d")
        await listed(pilot, "f")
        await picture(pilot, "frequent values")
        await pilot.press("enter")
        await until(pilot, lambda: len(trail.asked) == 2)
        assert trail.asked[1] == "since:30d user:ana.trialley14"
        await searched(pilot, "since:30d")
        await listed(pilot, "M", "enter")
        await picture(pilot, "days without events")


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
