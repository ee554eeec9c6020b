"""How the search of the audit pane looks, and the page of a row."""

from typing import Any, NoReturn

import pytest
from textual.pilot import Pilot

from console.errors import NoPrivilege
from console.panes.audit.event_screen import EventScreen
from console.ui.value import ValueScreen
from tests.panes.audit import looks as audit_looks
from tests.panes.audit.searching import listed, pane, searched, settled, typed
from tests.panes.pictures import LARGE, SMALL, Picture, opened
from tests.ui.waiting import drawn, until


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
