"""Going back in time in the memory of the console."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from console.db.database import Database
from console.db.pulse import Pulses
from console.errors import Unsupported
from console.panes.database.summary.summary import Summary
from console.shared.sparks import Sparks
from console.ui.commands import available
from console.ui.header import Header
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.table import LineTable
from tests.panes import looks
from tests.panes.audit import review_looks
from tests.panes.database import looks as database_looks
from tests.panes.looks import NIGHT
from tests.panes.pictures import SMALL
from tests.ui.waiting import drawn, until


class Remembered:
    """A timeline of summaries, a minute apart; what was asked first had no pulse, and the fourth no answer."""

    def moments(self, pane: str) -> list[datetime]:
        """Those of six minutes."""
        return [NIGHT + timedelta(minutes=minute) for minute in range(6)]

    def rows(self, pane: str, moment: datetime) -> Summary:
        """A little busier each minute."""
        minute = int((moment - NIGHT).total_seconds() // 60)
        if minute == 3:
            raise Unsupported("There was no answer.")
        changed = {
            "as_of": moment,
            "connections": 10 * minute,
            "connection_limit": 97,
            "transactions": 600 * minute * minute,
        }
        beat = database_looks.beats()[0].model_copy(update=changed)
        return database_looks.summary(pulse=beat if minute else None)

    def asked(self, pane: str, moment: datetime) -> None:
        """At the moment itself."""


async def test_the_curves_of_a_summary_are_those_of_the_moments_before_it() -> None:
    app = looks.console(database_looks.database())
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: bool(app.query(Pane)) and app.shown.state is State.DATA)
        app.timeline = Remembered()
        sparks = app.query_one(Sparks)
        app.show_moment(NIGHT + timedelta(minutes=5))
        assert [pulse.connections for pulse in (sparks.data or Pulses()).kept] == [10, 20, 40, 50]
        app.show_moment(NIGHT)
        assert sparks.data is not None
        assert "not recorded" in "".join(piece.text for piece in sparks.told(sparks.data, 80))
        app.show_moment(None)
        await until(pilot, lambda: sparks.data is app.database.pulses)


async def test_an_earlier_moment_is_neither_reviewed_nor_sealed() -> None:
    """Not even with what was found before somebody went back."""
    desk = review_looks.Told()
    app = looks.console(looks.sessions(answers()), review_looks.review(lambda: desk))
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.shown.state is State.DATA)
        await app.action_show_pane("audit")
        await until(pilot, lambda: app.shown.NAME == "search" and app.shown.state is State.DATA)
        await pilot.press("t")
        await until(pilot, lambda: app.shown.NAME == "review" and app.shown.state is State.EMPTY)
        await pilot.press("enter")
        await until(pilot, lambda: app.shown.state is State.DATA)
        await app.action_show_pane("sessions")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: app.past is not None)
        await app.action_show_pane("audit")
        for tab in ("review", "seals", "search"):
            await until(pilot, lambda tab=tab: tab == app.shown.NAME)  # type: ignore[misc]  # bound in the loop
            await until(pilot, lambda: app.shown.state is State.UNAVAILABLE)
            assert not [offer.command.id for offer in available(app.screen) if offer.command.asks]
            await pilot.press("enter", "a", "i", "n", "O", "b", "u", "A", "V", "L", "slash", "e", "X", "escape")
            await drawn(app.screen)
            assert len(app.screen_stack) == 1
            await pilot.press("t")
    assert desk.decided == []


def answers() -> Callable[[], Any]:
    """Sessions that become fewer with every answer."""
    left = [replace(looks.busy(), sessions=looks.busy().sessions[: 9 - n]) for n in range(9)]
    return iter(left).__next__


async def test_the_console_remembers_what_it_showed() -> None:
    app = looks.console(looks.sessions(answers()))
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: bool(app.query(Pane)) and app.shown.state is State.DATA)
        rows = app.query(LineTable).first().rows
        for count in (8, 7):
            await pilot.press("r")
            await until(pilot, lambda count=count: len(rows.all) == count)  # type: ignore[misc]  # bound in the loop
        app.shown.writable = True
        await pilot.press("left_square_bracket", "left_square_bracket")
        await until(pilot, lambda: len(rows.all) == 9)
        assert not app.shown.writable, "what is done now must not be done to what was there then"
        with pytest.raises(Unsupported):
            await app.shown.database.server()
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: len(rows.all) == 8)
        await pilot.press("r")
        await until(pilot, lambda: len(rows.all) == 6)
        assert app.past is None
        assert isinstance(app.shown.database, Database)
        assert "AS OF" not in "".join(piece.text for piece in app.query_one(Header).line(0).pieces)


async def test_nothing_is_polled_at_an_earlier_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []

    def answer() -> Any:
        asked.append(datetime.now(NIGHT.tzinfo))
        return looks.busy()

    pane = looks.sessions(answer)
    monkeypatch.setattr(pane, "INTERVAL", 0.05)
    app = looks.console(pane)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: len(asked) > 2 and app.shown.state is State.DATA)
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: app.past is not None)
        before = len(asked)
        assert app.shown.due is None
        assert app.shown.asked is None
        await drawn(app.screen)
        assert len(asked) == before
        await pilot.press("r")
        await until(pilot, lambda: len(asked) > before + 2)
