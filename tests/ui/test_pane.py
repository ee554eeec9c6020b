"""A pane's five states, and who has the keyboard in each."""

from collections.abc import Sequence
from typing import ClassVar

import pytest
from psycopg import OperationalError
from textual.app import App
from textual.dom import DOMNode

from console.db.sqlstate import connect_failed
from console.errors import ConnectionLost, NoPrivilege, TimedOut
from console.ui.commands import Command, CommandTable, bindings, forbidden
from console.ui.entry import Entry
from console.ui.notice import State
from console.ui.pane import Pane
from tests.ui.alone import AWAY, host, looks
from tests.ui.sample import OtherPane, Row, SamplePane, rows
from tests.ui.waiting import seen, shown, until


async def test_the_styles_of_a_pane_are_not_worked_out_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out: list[DOMNode] = []
    update = App.update_styles

    def noted(app: App[None], node: DOMNode, animate: bool = True) -> None:
        worked_out.append(node)
        update(app, node, animate)

    monkeypatch.setattr(App, "update_styles", noted)
    app = host(rows(3))
    app.source.gate.clear()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.source.asked == 1 and app.pane.has_focus)
        app.source.gate.set()
        await until(pilot, lambda: app.pane.table.has_focus)
        assert not {app.pane, app.pane.table} & set(worked_out)


async def test_loading_until_the_first_answer() -> None:
    app = host(rows(3))
    app.source.gate.clear()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.source.asked == 1)
        assert (app.pane.state, app.said) == (State.LOADING, "Loading ...")
        assert not app.pane.table.is_on_screen
        app.source.gate.set()
        await until(pilot, lambda: app.pane.state is State.DATA)
        assert app.said == ""
        await until(pilot, lambda: app.pane.table.is_on_screen)


async def test_empty_is_said() -> None:
    app = host([], rows(1))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.EMPTY)
        assert app.said == "Nobody is connected."
        await until(pilot, lambda: app.pane.state is State.DATA)


async def test_what_was_empty_is_empty_and_old_while_nobody_answers() -> None:
    app = host([], AWAY, rows(1))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.STALE)
        await until(pilot, lambda: app.said.startswith("Nobody is connected.\n\nstale "))
        assert not app.pane.table.is_on_screen
        assert app.focused is app.pane
        await pilot.press("r")
        await until(pilot, lambda: app.pane.state is State.DATA and app.pane.table.is_on_screen)


async def test_old_rows_stay_and_come_back_to_life() -> None:
    lost = ConnectionLost("The connection broke.")
    app = host(rows(3), lost, AWAY, rows(4))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.STALE)
        assert looks(app) == (State.STALE, True, 3)
        assert app.said.startswith("stale 0 s · next try in 1 s · The connection broke.")
        await pilot.press("r")
        await until(pilot, lambda: AWAY.message in app.said)
        assert looks(app) == (State.STALE, True, 3)
        await pilot.press("r")
        await until(pilot, lambda: app.pane.state is State.DATA)
        assert looks(app) == (State.DATA, False, 4)
        assert app.said == ""
        told = [m.error if isinstance(m, Pane.Troubled) else type(m).__name__ for m in app.messages]
        assert told[:5] == ["Paced", "Refreshed", lost, AWAY, "Refreshed"]


async def test_why_nobody_answers_and_what_helps_can_be_read_however_long_the_path_is() -> None:
    path = f"/home/ana/{'a-long-name/' * 8}.s.PGSQL.54321"
    away = connect_failed(OperationalError(f'connection to server on socket "{path}" failed: Gone away'), "x@[local]/y")
    app = host(rows(30), away)
    async with app.run_test(size=(80, 24)) as pilot:
        await seen(pilot, "admits this machine.")
        assert "Cannot connect to x@[local]/y: Gone away (on socket" in shown(pilot)


async def test_a_server_that_was_never_there_says_so() -> None:
    app = host(AWAY, rows(1))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.UNAVAILABLE)
        assert app.said == "The server at db1 does not answer.\nIs it running?\n\nnext try in 1 s"
        await pilot.press("r")
        await until(pilot, lambda: app.pane.state is State.DATA)


async def test_a_defect_is_a_sentence_without_its_data() -> None:
    app = host(rows(2), KeyError("Jane Doe"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.UNAVAILABLE)
        assert "(KeyError at alone.py:" in app.said
        assert "Doe" not in app.said
        assert app.pane.due is None


async def test_keys_work_while_an_answer_is_awaited() -> None:
    app = host(rows(5))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.DATA)
        app.source.gate.clear()
        await until(pilot, lambda: app.source.asked == app.source.ended + 1)
        await until(pilot, lambda: app.focused is app.pane.table)
        await pilot.press("j", "j")
        assert app.pane.table.rows.cursor == 2


async def test_the_keyboard_stays_with_the_pane_in_every_state() -> None:
    app = host(rows(2), [], rows(3), NoPrivilege("No right."), kind=OtherPane)
    async with app.run_test() as pilot:
        for state in (State.DATA, State.EMPTY, State.DATA, State.UNAVAILABLE):
            await until(pilot, lambda wanted=state: app.pane.state is wanted)  # type: ignore[misc]  # a default binds
            await until(pilot, lambda: app.focused is not None)
            assert app.focused is (app.pane.table if state is State.DATA else app.pane)
            await pilot.press("r")


async def test_a_failed_refresh_leaves_the_keyboard_with_the_filter_that_is_typed() -> None:
    """Or else its next letters would be commands."""
    app = host(rows(3), TimedOut("It took too long."))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.DATA)
        app.source.gate.clear()
        app.pane.writable = True
        app.pane.take_focus()
        await pilot.press("slash", "d")
        app.source.gate.set()
        await until(pilot, lambda: app.pane.state is State.STALE)
        await pilot.press("K")
        assert (app.pane.terminated, app.pane.query_one(Entry).value) == (0, "dK")


@pytest.mark.parametrize(
    ("answer", "state"), [([], State.EMPTY), (NoPrivilege("No right."), State.UNAVAILABLE)], ids=["empty", "refused"]
)
async def test_rows_that_go_leave_the_keyboard_with_the_filter_until_it_is_kept(
    answer: Sequence[Row] | Exception, state: State
) -> None:
    app = host(rows(3), answer)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.DATA)
        app.source.gate.clear()
        app.pane.writable = True
        app.pane.take_focus()
        await pilot.press("slash", "d")
        app.source.gate.set()
        await until(pilot, lambda: app.pane.state is state)
        await pilot.press("K")
        assert (app.pane.terminated, app.pane.query_one(Entry).value) == (0, "dK")
        assert app.pane.table.stale is (state is State.UNAVAILABLE), "rows that may not be right look so"
        await pilot.press("enter")
        await until(pilot, lambda: app.focused is app.pane)
        assert not app.pane.table.is_on_screen
        assert app.said.startswith("Nobody is" if state is State.EMPTY else "No right.")


async def test_dangerous_commands_do_not_exist_outside_the_window() -> None:
    app = host(rows(2))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.DATA)
        app.pane.take_focus()
        await pilot.pause()
        assert "K" not in app.active_bindings
        await pilot.press("K")
        assert app.pane.terminated == 0
        app.pane.writable = True
        assert "K" in app.active_bindings
        await pilot.press("K")
        assert app.pane.terminated == 1


class NotingPane(SamplePane):
    """In which a row can be noted."""

    COMMAND_TABLE: ClassVar[CommandTable] = (
        Command(id="sessions.note", keys="N", title="note it", action="note", footer=True, row=True),
        Command(id="sessions.drop", keys="Z", title="drop", action="terminate", row=True, dangerous=True),
    )
    BINDINGS: ClassVar = bindings(COMMAND_TABLE)

    noted = 0

    def action_note(self) -> None:
        self.noted += 1


async def test_commands_about_a_row_do_not_exist_without_rows() -> None:
    """The last line would name keys that do nothing."""
    app = host((), kind=NotingPane)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.pane.state is State.EMPTY)
        app.pane.take_focus()
        await pilot.press("N")
        assert "N" not in app.active_bindings
        assert not forbidden(app.screen, "Z", {}), "the write window would not help"
        app.source.answer = lambda: rows(2)
        await until(pilot, lambda: app.pane.state is State.DATA)
        assert forbidden(app.screen, "Z", {})
        assert "N" in app.active_bindings, "the last line is written anew as soon as there are rows"
        await pilot.press("N")
        assert isinstance(app.pane, NotingPane)
        assert app.pane.noted == 1
