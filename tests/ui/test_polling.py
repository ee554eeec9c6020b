"""When a pane asks, and when it does not."""

import pytest
from textual.screen import ModalScreen

from console.errors import ConsoleError, NoPrivilege, TimedOut, Unsupported
from console.ui import polled
from console.ui.notice import State
from tests.ui.alone import AWAY, host, looks
from tests.ui.sample import OtherPane, SamplePane, rows
from tests.ui.waiting import until


async def test_it_asks_again_after_the_last_answer_and_never_twice_at_once() -> None:
    app = host(rows(3))
    async with app.run_test() as pilot:
        await app.source.ended_at_least(4)
        app.source.gate.clear()
        asked = app.source.asked
        await until(pilot, lambda: app.source.asked == app.source.ended + 1)
        app.pane.action_now()
        app.pane.action_now()
        await pilot.pause()
        assert app.source.asked == app.source.ended + 1 <= asked + 1


async def test_it_comes_back_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[int] = []

    def backoff(attempt: int, chance: float) -> float:
        assert 0 <= chance < 1
        attempts.append(attempt)
        return 0.01

    monkeypatch.setattr(polled, "backoff", backoff)
    app = host(rows(2), AWAY, AWAY, AWAY, rows(3), AWAY, rows(4))
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(app.pane.table.rows.all) == 4)
        assert looks(app) == (State.DATA, False, 4)
    assert attempts == [1, 2, 3, 1]


@pytest.mark.parametrize("error", [NoPrivilege("No right.", hint="GRANT it."), Unsupported("Too old.")])
async def test_what_only_a_person_can_mend_is_not_asked_again(error: ConsoleError) -> None:
    app = host(rows(2), error, rows(1))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.UNAVAILABLE)
        assert app.said.endswith("r asks again")
        assert error.message in app.said
        assert error.hint in app.said
        assert app.pane.due is None
        await pilot.press("r")
        await until(pilot, lambda: app.pane.state is State.DATA)


async def test_another_failure_keeps_the_interval() -> None:
    app = host(rows(2), TimedOut("It took too long."), rows(2))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.states[-3:] == [State.DATA, State.STALE, State.DATA])


async def test_pause_stops_the_polling_and_r_still_asks() -> None:
    app = host(rows(2))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.DATA)
        await pilot.press("p")
        await until(pilot, lambda: app.source.asked == app.source.ended)
        assert app.pane.due is None
        asked = app.source.asked
        await pilot.press("r")
        await until(pilot, lambda: app.source.ended == asked + 1)
        assert app.pane.due is None
        await pilot.press("p")
        await app.source.ended_at_least(asked + 3)


async def test_interval_by_keys() -> None:
    app = host(rows(2))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.DATA)
        await pilot.press("+", "+", "-", "+", "+")
        assert app.pane.interval == 2.0
        await pilot.press("-", "-", "-", "-")
        assert app.pane.interval == 0.5


async def test_who_is_asked_hears_how_often_and_when_a_person_insists() -> None:
    app = host(rows(2))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.DATA)
        await pilot.press("+", "r")
        assert app.source.intervals[0] == SamplePane.INTERVAL
        assert app.source.intervals[-1] == 0.5
        assert app.source.asked_anew == 1


async def test_without_an_interval_it_asks_once_and_on_request() -> None:
    app = host(rows(2), kind=OtherPane)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.DATA)
        assert (app.source.asked, app.pane.due) == (1, None)
        await pilot.press("+", "r")
        await until(pilot, lambda: app.source.asked == 2)


async def test_a_hidden_pane_asks_nothing_and_gives_up_what_it_asked() -> None:
    app = host(rows(2))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.DATA)
        app.source.gate.clear()
        await until(pilot, lambda: app.source.asked == app.source.ended + 1)
        app.pane.display = False
        await until(pilot, lambda: app.source.asked == app.source.ended)
        assert app.pane.due is None
        asked = app.source.asked
        app.source.gate.set()
        app.pane.display = True
        await app.source.ended_at_least(asked + 2)
        assert app.pane.state is State.DATA


async def test_a_covered_pane_asks_nothing_until_it_is_uncovered() -> None:
    app = host(rows(2))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.DATA)
        await app.push_screen(ModalScreen())
        await until(pilot, lambda: app.pane.due is None and app.source.asked == app.source.ended)
        asked = app.source.asked
        app.pop_screen()
        await app.source.ended_at_least(asked + 2)


async def test_esc_gives_up_a_slow_question(monkeypatch: pytest.MonkeyPatch) -> None:
    app = host(rows(2))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.DATA)
        app.source.gate.clear()
        await until(pilot, lambda: app.source.asked == app.source.ended + 1)
        await pilot.press("escape")
        assert app.source.asked == app.source.ended + 1, "what was asked just now is not slow"
        assert app.pane.asked is not None
        app.pane.asked -= 30
        app.pane.say()
        assert app.said == "asked 30 s ago, no answer yet; esc gives up"
        await pilot.press("escape")
        await until(pilot, lambda: app.source.asked == app.source.ended)
        assert app.pane.state is State.STALE
        assert app.pane.paused
        assert "given up" in app.said
