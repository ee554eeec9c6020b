"""How the lock pane looks, and what its keys do to what is on it."""

from typing import Any

from textual.pilot import Pilot

from console.ui.confirm import ConfirmScreen
from console.ui.listing import Listing
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.table import LineTable
from tests.panes.locks import looks as locks_looks
from tests.panes.pictures import LARGE, SMALL, Picture, Told, opened
from tests.ui.waiting import until


async def test_locks(picture: Picture) -> None:
    told = Told(locks_looks.denied)
    async with opened(locks_looks.locks(told)) as pilot:
        await picture(pilot, "denied")
        await told.now(pilot, locks_looks.calm, State.EMPTY)
        await picture(pilot, "nobody waits")
        await told.now(pilot, locks_looks.hidden)
        await picture(pilot, "hidden")
        await told.now(pilot, locks_looks.busy)
        await pilot.press("g", "s", "s", "s")
        await picture(pilot, "sorted")
        await pilot.press(*["shift+left"] * 3, "g", "j")
        await picture(pilot, "busy", SMALL)
        await picture(pilot, "busy", LARGE)


def shown(pilot: Pilot[Any]) -> LineTable[Any]:
    """The table of the pane."""
    return pilot.app.query(LineTable).first()


async def test_an_order_of_ones_own_has_no_tree_and_no_filter_hides_who_blocks_others() -> None:
    async with opened(locks_looks.locks(), size=LARGE) as pilot:
        tree = list(shown(pilot).rows.shown)
        await pilot.press("s")
        await until(pilot, lambda: len(shown(pilot).rows.shown) == 12)
        assert {branch.lines for branch in shown(pilot).rows.shown} == {""}
        await pilot.press("shift+left")
        await until(pilot, lambda: list(shown(pilot).rows.shown) == tree)
        await pilot.press("slash", *"4816", "enter")
        await until(pilot, lambda: len(shown(pilot).rows.shown) < 12)
        kept = shown(pilot).rows.shown
        assert {branch.party.id for branch in kept} >= {4711, 4802, 4633, 4920, -90_431, 4960, 4961, 4816}
        assert 4810 not in {branch.party.id for branch in kept}
        assert pilot.app.query_one(Listing).display


async def test_a_blocker_is_terminated_only_in_the_write_window_and_after_a_question() -> None:
    """A prepared transaction has nothing to signal."""
    async with opened(locks_looks.locks()) as pilot:
        await pilot.press("K")
        assert not isinstance(pilot.app.screen, ConfirmScreen)
        pilot.app.query(Pane).first().writable = True
        await pilot.press("K")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
        question = pilot.app.screen.question  # type: ignore[attr-defined]  # the screen is a question by now
        assert "4711" in question.title
        assert "5 sessions" not in question.title
        assert dict(question.facts)["blocks"] == "4 sessions"
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ConfirmScreen))
        rows = shown(pilot).rows
        await pilot.press(*["j"] * next(n for n, branch in enumerate(rows.shown) if branch.party.prepared), "K")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, ConfirmScreen)
        assert any("no session to stop" in note.message for note in pilot.app._notifications)
