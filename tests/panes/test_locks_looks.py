"""How the lock pane looks, and what its keys do to what is on it."""

from typing import Any

import pytest
from textual.pilot import Pilot

from console.ui.confirm import ConfirmScreen
from console.ui.listing import Listing
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.table import LineTable
from tests.panes import locks_looks, looks
from tests.panes.test_looks import SIZES, Compare, when
from tests.ui.waiting import until


@pytest.mark.parametrize("size", SIZES[:2])
def test_busy_locks(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(looks.console(locks_looks.locks()), terminal_size=size, run_before=when(State.DATA, "j"))


def test_sorted_locks(snap_compare: Compare) -> None:
    app = looks.console(locks_looks.locks())
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA, "s", "s", "s"))


def test_nobody_waits(snap_compare: Compare) -> None:
    app = looks.console(locks_looks.locks(locks_looks.calm))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.EMPTY))


def test_hidden_locks(snap_compare: Compare) -> None:
    app = looks.console(locks_looks.locks(locks_looks.hidden))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA))


def test_denied_locks(snap_compare: Compare) -> None:
    app = looks.console(locks_looks.locks(locks_looks.denied))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.UNAVAILABLE))


def shown(pilot: Pilot[Any]) -> LineTable[Any]:
    """The table of the pane."""
    return pilot.app.query(LineTable).first()


async def ready(pilot: Pilot[Any]) -> Pane[Any, Any]:
    """Wait for the rows; the pane that has them."""
    await until(pilot, lambda: bool(pilot.app.query(Pane)) and pilot.app.query(Pane).first().state is State.DATA)
    return pilot.app.query(Pane).first()


async def test_an_order_of_ones_own_has_no_tree_and_the_tree_comes_back() -> None:
    async with looks.console(locks_looks.locks()).run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        tree = list(shown(pilot).rows.shown)
        await pilot.press("s")
        await until(pilot, lambda: len(shown(pilot).rows.shown) == 12)
        assert {branch.lines for branch in shown(pilot).rows.shown} == {""}
        await pilot.press("shift+left")
        await until(pilot, lambda: list(shown(pilot).rows.shown) == tree)


async def test_no_filter_hides_who_blocks_others() -> None:
    async with looks.console(locks_looks.locks()).run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("slash", *"4816", "enter")
        await until(pilot, lambda: len(shown(pilot).rows.shown) < 12)
        kept = shown(pilot).rows.shown
        assert {branch.party.id for branch in kept} >= {4711, 4802, 4633, 4920, -90_431, 4960, 4961, 4816}
        assert 4810 not in {branch.party.id for branch in kept}
        assert pilot.app.query_one(Listing).display


async def test_a_blocker_is_terminated_only_in_the_write_window_and_after_a_question() -> None:
    app = looks.console(locks_looks.locks())
    async with app.run_test(size=(80, 24)) as pilot:
        pane = await ready(pilot)
        await pilot.press("K")
        assert not isinstance(app.screen, ConfirmScreen)
        pane.writable = True
        await pilot.press("K")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        question = app.screen.question  # type: ignore[attr-defined]  # the screen is a question by now
        assert "4711" in question.title
        assert "5 sessions" not in question.title
        assert dict(question.facts)["blocks"] == "4 sessions"


async def test_a_prepared_transaction_has_nothing_to_signal() -> None:
    app = looks.console(locks_looks.locks())
    async with app.run_test(size=(80, 24)) as pilot:
        pane = await ready(pilot)
        pane.writable = True
        rows = shown(pilot).rows
        await pilot.press(*["j"] * next(n for n, branch in enumerate(rows.shown) if branch.party.prepared), "K")
        await pilot.pause()
        assert not isinstance(app.screen, ConfirmScreen)
        assert any("no session to stop" in note.message for note in app._notifications)
