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
from tests.panes import audit_looks, looks
from tests.panes.looks import NIGHT
from tests.panes.test_looks import SIZES, Compare, Run, when
from tests.ui.waiting import drawn, until


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


def searched(text: str, *keys: str) -> Run:
    """Search, then press keys."""

    async def run(pilot: Pilot[Any]) -> None:
        await when(State.DATA)(pilot)
        await pilot.press("slash")
        await typed(pilot, text)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press(*keys)
        await drawn(pilot.app.screen)

    return run


@pytest.mark.parametrize("size", SIZES[:2])
def test_busy_audit(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(audit_looks.audit())
    run = searched("patient:TEST-000123 -action:search since:30d", "j")
    assert snap_compare(app, terminal_size=size, run_before=run)


def test_twelve_questions(snap_compare: Compare) -> None:
    app = looks.console(audit_looks.audit())
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA))


def test_nothing_found(snap_compare: Compare) -> None:
    app = looks.console(audit_looks.audit(audit_looks.nothing))
    assert snap_compare(app, terminal_size=(80, 24), run_before=searched("action:break_glass since:7d"))


def test_not_recorded(snap_compare: Compare) -> None:
    app = looks.console(audit_looks.audit(audit_looks.unrecorded))
    assert snap_compare(app, terminal_size=(80, 24), run_before=searched("action:export"))


@pytest.mark.parametrize("text", ["action:vew since:7d", "-ac", "user:a"])
def test_a_search_that_is_typed(snap_compare: Compare, text: str) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        await when(State.DATA, "slash")(pilot)
        await typed(pilot, text)
        await drawn(pilot.app.screen)

    app = looks.console(audit_looks.audit())
    assert snap_compare(app, terminal_size=(80, 24), run_before=run)


def test_denied(snap_compare: Compare) -> None:
    class Denied(audit_looks.Told):
        async def standing(self) -> NoReturn:
            raise NoPrivilege(
                "The audit log stands in public.audit_logs, which ana may not read.",
                hint='Its owner can give the right: GRANT SELECT ON public.audit_logs TO "ana";',
            )

    app = looks.console(audit_looks.audit(Denied))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.UNAVAILABLE))


async def opened(pilot: Pilot[Any]) -> None:
    """The page of the first row."""
    await searched("since:30d", "enter")(pilot)
    await until(pilot, lambda: isinstance(pilot.app.screen, EventScreen))
    await drawn(pilot.app.screen)


def test_one_row(snap_compare: Compare) -> None:
    app = looks.console(audit_looks.audit())
    assert snap_compare(app, terminal_size=(80, 30), run_before=opened)


async def reveal(pilot: Pilot[Any], reason: str) -> None:
    """Give a reason on the page of a row."""
    await pilot.press("v")
    await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
    await typed(pilot, reason)
    await pilot.press("enter")
    await drawn(pilot.app.screen)


def test_why_a_reveal_is_refused(snap_compare: Compare) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        await opened(pilot)
        await reveal(pilot, "curious")

    app = looks.console(audit_looks.audit())
    assert snap_compare(app, terminal_size=(80, 24), run_before=run)


@pytest.mark.parametrize("key", ["f", "M"])
def test_lists(snap_compare: Compare, key: str) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        await searched("since:30d", key)(pilot)
        if key == "M":
            await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ListScreen))
        await drawn(pilot.app.screen)

    app = looks.console(audit_looks.audit())
    assert snap_compare(app, terminal_size=(80, 24), run_before=run)


async def test_what_is_revealed_goes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EventScreen, "SECONDS", 0.05)
    async with looks.console(audit_looks.audit()).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
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


async def test_what_is_revealed_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    async with looks.console(audit_looks.audit()).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        page: Any = pilot.app.screen
        await reveal(pilot, "complaint: letter of 12 May")
        await until(pilot, lambda: page.is_clear)
        copied: list[str] = []
        monkeypatch.setattr(pilot.app, "copy_to_clipboard", copied.append)
        await pilot.press("y")
        assert copied == []


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
    trail = audit_looks.Told()
    async with looks.console(audit_looks.audit(lambda: trail)).run_test(size=(80, 24)) as pilot:
        await when(State.DATA)(pilot)
        for number, (key, value, search) in enumerate(ASKED):
            await pilot.press(key)
            if value or key == "M":
                await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
                await typed(pilot, value)
                await pilot.press("enter")
            await until(pilot, lambda n=number: len(trail.asked) > n)  # type: ignore[misc]  # bound in the loop
            assert trail.asked[number] == search, key
            pane(pilot).forget()


@pytest.mark.parametrize(("key", "field"), [("O", "session"), ("Q", "id")])
async def test_a_row_proposes_its_session_and_its_request(key: str, field: str) -> None:
    trail = audit_looks.Told()
    async with looks.console(audit_looks.audit(lambda: trail)).run_test(size=(80, 24)) as pilot:
        await searched("since:30d", key, "enter")(pilot)
        await until(pilot, lambda: len(trail.asked) == 2)
        near = "since:2026-03-13T03:07 until:2026-03-15T03:07"
        uuid = audit_looks.SESSION if key == "O" else audit_looks.REQUEST
        assert trail.asked[1] == f"{field}:{uuid} {near}"


async def test_the_page_of_a_row_leads_to_its_request() -> None:
    trail = audit_looks.Told()
    async with looks.console(audit_looks.audit(lambda: trail)).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("Q")
        await until(pilot, lambda: len(trail.asked) == 2)
        assert trail.asked[1].startswith(f"id:{audit_looks.REQUEST} since:")
        await until(pilot, lambda: pilot.app.focused is pane(pilot)._rows)


async def test_what_fails_is_told_below_the_rows() -> None:
    class Slow(audit_looks.Told):
        async def exact(self, found: Found, hear: Hear) -> int:
            raise TimedOut("The server gave up after 60 s.", hint="Narrow the search.")

    async with looks.console(audit_looks.audit(Slow)).run_test(size=(80, 24)) as pilot:
        await searched("since:30d", "n")(pilot)
        notice = pane(pilot).query_one(Notice)
        await until(pilot, lambda: notice.text == "The server gave up after 60 s. Narrow the search.")
        await pilot.press("r")
        await until(pilot, lambda: notice.text == "")


async def test_how_far_back_was_counted_is_seen() -> None:
    counted = asyncio.Event()

    class Slow(audit_looks.Told):
        async def exact(self, found: Found, hear: Hear) -> int:
            hear(NIGHT - timedelta(days=7))
            await counted.wait()
            return 1_204

    async with looks.console(audit_looks.audit(Slow)).run_test(size=(80, 24)) as pilot:
        await searched("since:30d")(pilot)
        await pilot.press("n")
        doing = f"counting all rows, back to {NIGHT - timedelta(days=7):%Y-%m-%d}"
        await until(pilot, lambda: pane(pilot)._reach.doing == doing)
        counted.set()
        await until(pilot, lambda: not pane(pilot)._reach.doing)


async def test_a_frequent_value_narrows_the_search() -> None:
    trail = audit_looks.Told()
    async with looks.console(audit_looks.audit(lambda: trail)).run_test(size=(80, 24)) as pilot:
        await searched("since:30d", "f")(pilot)
        await until(pilot, lambda: isinstance(pilot.app.screen, ListScreen))
        await pilot.press("enter")
        await until(pilot, lambda: len(trail.asked) == 2)
        assert trail.asked[1] == "since:30d user:ana.trialley14"


async def test_going_down_brings_more_and_the_number_can_be_counted() -> None:
    async with looks.console(audit_looks.audit(lambda: audit_looks.Told(rows=120))).run_test(size=(80, 24)) as pilot:
        await searched("since:30d")(pilot)
        assert pane(pilot).found.reach.rows < 50
        await pilot.press("n")
        await until(pilot, lambda: pane(pilot).found.reach.exact == 1_204)


@pytest.mark.parametrize("above", [(), ("enter",)])
async def test_an_unattended_console_shows_nothing_of_it(above: tuple[str, ...]) -> None:
    app = looks.console(looks.sessions(), audit_looks.audit())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shown.state is State.DATA)
        await app.action_show_pane("audit")
        await until(pilot, lambda: app.shown.NAME == "search" and app.shown.state is State.DATA)
        await pilot.press("slash")
        await typed(pilot, "patient:TEST-000123")
        await pilot.press("enter")
        await until(pilot, lambda: pane(pilot).found is not None and not pane(pilot)._reach.doing)
        await pilot.press(*above)
        await until(pilot, lambda: not above or isinstance(app.screen, EventScreen))
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
