"""How the tabs Review and Seals look."""

from typing import Any

import pytest
from textual.pilot import Pilot

from console.panes.audit.review.page import ReviewScreen
from console.ui.confirm import ConfirmScreen
from console.ui.detail import DetailScreen
from console.ui.notice import State
from tests.panes.audit import looks as audit_looks
from tests.panes.audit import review_looks, seals_looks
from tests.panes.pictures import LARGE, SMALL, Picture, opened
from tests.ui.waiting import until


async def turned(pilot: Pilot[Any], tab: str, state: State) -> Any:
    """Turn to a tab, wait until it stands so, and give the console."""
    app: Any = pilot.app
    await until(pilot, lambda: app.shown.state is State.DATA)
    await app.query_one("#audit").action_show_tab(tab)
    await until(pilot, lambda: tab == app.shown.NAME and app.shown.state is state)
    return app


async def reviewed(pilot: Pilot[Any], *keys: str, state: State = State.DATA) -> None:
    """Review the week, and press keys."""
    app: Any = pilot.app
    if app.shown.NAME != "review":
        await turned(pilot, "review", State.EMPTY)
    await pilot.press("enter")
    await until(pilot, lambda: app.shown.state is state and app.shown._docket.review is not None)
    await pilot.press(*keys)


async def verified(pilot: Pilot[Any], *keys: str) -> None:
    """Hash all of it again, and press keys."""
    app = await turned(pilot, "seals", State.DATA)
    await pilot.press("V")
    await until(pilot, lambda: app.shown._verified is not None)
    await pilot.press(*keys)


async def page(pilot: Pilot[Any], kind: type[Any], *keys: str) -> None:
    """Press keys, and wait for a page."""
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))


async def test_a_queue(picture: Picture) -> None:
    async with opened(review_looks.review()) as pilot:
        await turned(pilot, "review", State.EMPTY)
        await picture(pilot, "before a review")
        await reviewed(pilot, "j", "space")
        await picture(pilot, "queue", SMALL)
        await picture(pilot, "queue", LARGE)


async def test_findings(picture: Picture) -> None:
    """The evidence of one, the questions before one or several are decided."""
    async with opened(review_looks.review()) as pilot:
        await reviewed(pilot)
        await page(pilot, ReviewScreen, "j", "enter")
        await picture(pilot, "evidence")
        await pilot.press("escape")
        await page(pilot, ConfirmScreen, "G", "a")
        await picture(pilot, "deciding one")
        await pilot.press("escape")
        await page(pilot, ConfirmScreen, "g", "space", "space", "i")
        await picture(pilot, "deciding several")


async def test_a_rule_that_could_not_be_asked(picture: Picture) -> None:
    async with opened(review_looks.review(review_looks.partial)) as pilot:
        await reviewed(pilot)
        await picture(pilot, "partial")


async def test_all_is_decided(picture: Picture) -> None:
    async with opened(review_looks.review(review_looks.decided)) as pilot:
        await reviewed(pilot, state=State.EMPTY)
        await picture(pilot, "all is decided")
        await page(pilot, ConfirmScreen, "O")
        await picture(pilot, "signing off")


async def test_nothing_is_found(picture: Picture) -> None:
    async with opened(review_looks.review(review_looks.quiet)) as pilot:
        await reviewed(pilot, state=State.EMPTY)
        await picture(pilot, "no finding")


async def test_many_are_decided_together(picture: Picture) -> None:
    async with opened(review_looks.review(review_looks.many)) as pilot:
        await reviewed(pilot)
        await page(pilot, ConfirmScreen, *["space"] * 15, "a")
        await picture(pilot, "deciding many")


async def test_sealed_days(picture: Picture) -> None:
    async with opened(seals_looks.seals()) as pilot:
        await turned(pilot, "seals", State.DATA)
        await pilot.press("j")
        await picture(pilot, "sealed", SMALL)
        await picture(pilot, "sealed", LARGE)
        await pilot.resize_terminal(*SMALL)
        await pilot.press("g", "V")
        await until(pilot, lambda: "hashed" in pilot.app.shown._reach.doing)  # type: ignore[attr-defined]
        await picture(pilot, "hashing")
        await pilot.press("escape")
        await page(pilot, ConfirmScreen, "L")
        await picture(pilot, "the question before sealing")


async def test_broken_days(picture: Picture) -> None:
    async with opened(seals_looks.seals(then=seals_looks.broken)) as pilot:
        await verified(pilot, "j")
        await picture(pilot, "broken")
        for down in (5, 6, 8):
            await page(pilot, DetailScreen, "g", *["j"] * down, "enter")
            await picture(pilot, f"day {down}")
            await pilot.press("escape")


async def test_proven_days_down_to_the_retired_ones(picture: Picture) -> None:
    async with opened(seals_looks.seals(then=seals_looks.proven)) as pilot:
        await verified(pilot, "G")
        await picture(pilot, "proven")


async def test_no_seal_yet(picture: Picture) -> None:
    async with opened(seals_looks.seals(seals_looks.unsealed)) as pilot:
        await turned(pilot, "seals", State.EMPTY)
        await picture(pilot, "unsealed")


@pytest.mark.long
async def test_with_room(picture: Picture) -> None:
    audit = audit_looks.audit(review=review_looks.fed(), seals=seals_looks.fed(then=seals_looks.broken))
    async with opened(audit, size=LARGE) as pilot:
        await reviewed(pilot)
        await page(pilot, ReviewScreen, "j", "enter")
        await picture(pilot, "evidence")
        await pilot.press("escape")
        await verified(pilot, "j")
        await picture(pilot, "broken")
