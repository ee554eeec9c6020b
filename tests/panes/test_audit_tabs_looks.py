"""How the tabs Review and Seals look."""

from typing import Any

import pytest
from textual.pilot import Pilot

from console.panes.audit.review.page import ReviewScreen
from console.ui.confirm import ConfirmScreen
from console.ui.detail import DetailScreen
from console.ui.notice import State
from tests.panes import looks, review_looks, seals_looks
from tests.panes.test_looks import OTHER_SIZES, SIZES, Compare, Run
from tests.ui.waiting import drawn, until


async def turned(pilot: Pilot[Any], tab: str, state: State) -> Any:
    """Turn to a tab, wait until it stands so, and give the console."""
    app: Any = pilot.app
    await until(pilot, lambda: app.shown.state is State.DATA)
    await app.query_one("#audit").action_show_tab(tab)
    await until(pilot, lambda: tab == app.shown.NAME and app.shown.state is state)
    return app


def reviewed(*keys: str, page: type[Any] | None = None, state: State = State.DATA) -> Run:
    """Review the week, press keys, and wait for a page."""

    async def run(pilot: Pilot[Any]) -> None:
        app = await turned(pilot, "review", State.EMPTY)
        await pilot.press("enter")
        await until(pilot, lambda: app.shown.state is state and app.shown._docket.review is not None)
        await pilot.press(*keys)
        await until(pilot, lambda: page is None or isinstance(app.screen, page))
        await drawn(app.screen)

    return run


def verified(*keys: str, page: type[Any] | None = None) -> Run:
    """Hash all of it again, press keys, and wait for a page."""

    async def run(pilot: Pilot[Any]) -> None:
        app = await turned(pilot, "seals", State.DATA)
        await pilot.press("V")
        await until(pilot, lambda: app.shown._verified is not None)
        await pilot.press(*keys)
        await until(pilot, lambda: page is None or isinstance(app.screen, page))
        await drawn(app.screen)

    return run


def stands(tab: str, state: State, *keys: str) -> Run:
    """As a tab stands before anybody asks."""

    async def run(pilot: Pilot[Any]) -> None:
        app = await turned(pilot, tab, state)
        await pilot.press(*keys)
        await drawn(app.screen)

    return run


@pytest.mark.parametrize("size", SIZES[:2])
def test_a_queue(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(looks.console(review_looks.review()), terminal_size=size, run_before=reviewed("j", "space"))


def test_before_a_review(snap_compare: Compare) -> None:
    assert snap_compare(
        looks.console(review_looks.review()), terminal_size=(80, 24), run_before=stands("review", State.EMPTY)
    )


def test_a_rule_that_could_not_be_asked(snap_compare: Compare) -> None:
    app = looks.console(review_looks.review(review_looks.partial))
    assert snap_compare(app, terminal_size=(80, 24), run_before=reviewed())


@pytest.mark.parametrize("size", OTHER_SIZES)
def test_the_evidence_of_a_finding(snap_compare: Compare, size: tuple[int, int]) -> None:
    run = reviewed("j", "enter", page=ReviewScreen)
    assert snap_compare(looks.console(review_looks.review()), terminal_size=size, run_before=run)


@pytest.mark.parametrize("keys", [("G", "a"), ("space", "space", "i")])
def test_deciding(snap_compare: Compare, keys: tuple[str, ...]) -> None:
    run = reviewed(*keys, page=ConfirmScreen)
    assert snap_compare(looks.console(review_looks.review()), terminal_size=(80, 24), run_before=run)


def test_all_is_decided(snap_compare: Compare) -> None:
    app = looks.console(review_looks.review(review_looks.decided))
    assert snap_compare(app, terminal_size=(80, 24), run_before=reviewed(state=State.EMPTY))


def test_signing_off(snap_compare: Compare) -> None:
    app = looks.console(review_looks.review(review_looks.decided))
    run = reviewed("O", page=ConfirmScreen, state=State.EMPTY)
    assert snap_compare(app, terminal_size=(80, 24), run_before=run)


@pytest.mark.parametrize("size", SIZES[:2])
def test_sealed_days(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(
        looks.console(seals_looks.seals()), terminal_size=size, run_before=stands("seals", State.DATA, "j")
    )


@pytest.mark.parametrize("size", OTHER_SIZES)
def test_broken_days(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(seals_looks.seals(then=seals_looks.broken))
    assert snap_compare(app, terminal_size=size, run_before=verified("j"))


def test_proven_days_down_to_the_retired_ones(snap_compare: Compare) -> None:
    app = looks.console(seals_looks.seals(then=seals_looks.proven))
    assert snap_compare(app, terminal_size=(80, 24), run_before=verified("G"))


def test_while_days_are_hashed(snap_compare: Compare) -> None:
    app = looks.console(seals_looks.seals())

    async def run(pilot: Pilot[Any]) -> None:
        await stands("seals", State.DATA, "V")(pilot)
        await until(pilot, lambda: "hashed" in pilot.app.shown._reach.doing)  # type: ignore[attr-defined]
        await drawn(pilot.app.screen)

    assert snap_compare(app, terminal_size=(80, 24), run_before=run)


@pytest.mark.parametrize("down", [5, 6, 8])
def test_the_page_of_a_day(snap_compare: Compare, down: int) -> None:
    app = looks.console(seals_looks.seals(then=seals_looks.broken))
    run = verified(*["j"] * down, "enter", page=DetailScreen)
    assert snap_compare(app, terminal_size=(80, 24), run_before=run)


def test_no_seal_yet(snap_compare: Compare) -> None:
    app = looks.console(seals_looks.seals(seals_looks.unsealed))
    assert snap_compare(app, terminal_size=(80, 24), run_before=stands("seals", State.EMPTY))


def test_the_question_before_sealing(snap_compare: Compare) -> None:
    app = looks.console(seals_looks.seals())
    assert snap_compare(app, terminal_size=(80, 24), run_before=stands("seals", State.DATA, "L"))
