"""Keys go where they were meant to, however fast they come, and to the commands they were given."""

import asyncio
from itertools import product

import pytest
from textual.events import AppBlur, AppFocus, Key, MouseDown, MouseUp, Paste

from console.ui import ahead
from console.ui.confirm import ConfirmScreen
from console.ui.detail import DetailScreen
from console.ui.entry import Entry
from console.ui.footer import Footer
from console.ui.palette import Palette
from console.ui.shell import Shell
from tests.ui.consoles import pane, ready, sample, text
from tests.ui.sample import OtherPane, SampleConsole, Source, console, rows
from tests.ui.waiting import drawn, until


async def test_the_palette_finds_panes_and_commands() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press(":")
        assert isinstance(app.screen, Palette)
        await pilot.press("m", "i", "g", "enter")
        await until(pilot, lambda: pane(app).NAME == "migrations" and len(app.screen_stack) == 1)
        await ready(app, pilot)
        await pilot.press("ctrl+p", "p", "a", "u", "enter")
        await until(pilot, lambda: pane(app).paused)
        await pilot.press(":", "x", "q", "z", "escape")
        assert len(app.screen_stack) == 1
        await pilot.press(":", "down", "enter")
        await until(pilot, lambda: pane(app).NAME == "migrations")


async def test_the_last_line_names_the_keys_of_what_lies_on_top() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press(":")
        palette = app.screen.query_one(Footer)
        hints = "enter do it  up choose  down choose  esc back"
        await until(pilot, lambda: palette.render_line(0).text.strip() == hints)
        await pilot.press("escape", "?")
        page = app.screen.query_one(Footer)
        await until(pilot, lambda: page.render_line(0).text.strip() == "y copy  esc back")


async def test_keys_that_come_at_once_go_where_they_were_meant_to() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        for key, character in (("colon", ":"), ("m", "m"), ("i", "i"), ("g", "g")):
            app.post_message(Key(key, character))
        await until(pilot, lambda: isinstance(app.screen, Palette) and app.screen.query_one(Entry).value == "mig")
        await pilot.press("escape")
        for key, character in (("slash", "/"), ("s", "s"), ("K", "K"), ("p", "p")):
            app.post_message(Key(key, character))
        await until(pilot, lambda: pane(app).query_one(Entry).value == "sKp")
        assert pane(app).terminated == 0
        assert not pane(app).paused
        for key, character in (("enter", "\r"), ("8", "8")):
            app.post_message(Key(key, character))
        await until(pilot, lambda: pane(app).NAME == "migrations")
        await ready(app, pilot)
        await pilot.press("slash", "t")
        app.post_message(Key("alt+p", "p"))  # so Textual calls escape and a letter right after it
        await until(pilot, lambda: pane(app).paused and pane(app).query_one(Entry).value == "")


async def test_escape_and_a_capital_right_after_it_are_both_heard_and_alt_with_an_arrow_is_no_escape() -> None:
    app = sample()
    async with app.run_test() as pilot:
        await ready(app, pilot)
        await pilot.press("slash", "t")
        app.post_message(Key("alt+shift+u", "U"))
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("a", "b")
        app.post_message(Key("alt+left", None))
        await pilot.press("c")
        await until(pilot, lambda: app.screen.query_one(Entry).value == "abc")
        assert pane(app).query_one(Entry).value == ""


async def test_what_comes_at_once_edits_in_its_order() -> None:
    app = sample()
    async with app.run_test() as pilot:
        await ready(app, pilot)
        await pilot.press("slash")
        keys = [*"abc", "backspace", *"de", "left", "left", "X", "home", "Y", "delete", "end", "ctrl+w", *"fg"]
        for key in keys:
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: pane(app).query_one(Entry).value.endswith("fg"))
        assert pane(app).query_one(Entry).value == "fg"
        for key in [*"ab", "left", "X", "home", "Y", "delete", "end", "backspace", "Z"]:
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: pane(app).query_one(Entry).value.endswith("Z"))
        assert pane(app).query_one(Entry).value == "YgaXZ"


async def test_more_enters_than_are_needed_do_no_harm() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("/", "t", "enter")
        await drawn(pane(app))
        assert app.focused is pane(app).table
        assert len(app.screen_stack) == 1, "the enter that keeps a filter opens no row"
        for _ in range(10):
            pane(app).table.action_select()
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        await drawn(pane(app))
        assert len(app.screen_stack) == 2
        await pilot.press("escape", ":", "m", "i", "g")
        for _ in range(3):
            app.post_message(Key("enter", "\r"))
        await until(pilot, lambda: pane(app).NAME == "migrations")


async def test_keys_can_be_given_to_other_commands() -> None:
    app = console(Source(lambda: rows(3)), keymap={"pane.pause": "f5", "table.down": "n"})
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("n")
        assert pane(app).table.rows.cursor == 1
        assert "F5 pause" in text(app, Footer)
        await pilot.press("p")
        assert not pane(app).paused
        await pilot.press("f5")
        assert pane(app).paused


async def test_a_key_for_an_unknown_command_is_named() -> None:
    app = console(Source(lambda: rows(3)), keymap={"pane.paws": "f5", "sessions.end": "f6", "go.migrations": "f7"})
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        assert [note.message for note in app._notifications] == ["[keymap]: there is no command pane.paws"]
        await pilot.press("f7")
        await until(pilot, lambda: pane(app).NAME == "migrations")


async def test_q_leaves_and_esc_does_not() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("escape", "ctrl+c", "ctrl+q")
        assert app.is_running
        await pilot.press("q")
    assert app.return_code == 0


def type_at_once(app: SampleConsole, keys: str) -> None:
    """Keys that come in one go, as they do on a slow line."""
    named = {":": "colon", "/": "slash", "\r": "enter"}
    for key in keys:
        app.post_message(Key(named.get(key, key), key))


@pytest.mark.parametrize("jump", ["8", ":mig\r"])
async def test_keys_behind_a_jump_go_to_the_pane_it_leads_to(jump: str) -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        first = pane(app)
        type_at_once(app, f"{jump}jj/dba")
        await until(pilot, lambda: pane(app).NAME == "migrations" and pane(app).query_one(Entry).value == "dba")
        assert first.table.rows.cursor == 0
        assert pane(app).table.rows.cursor == 2
        await pilot.press("enter", "escape")
        type_at_once(app, "2p")
        await until(pilot, lambda: first.paused)
        assert not app.query_one(OtherPane).paused


async def test_keys_do_not_wait_long_for_a_pane_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORTH_SAYING", 0.0)
    source = Source(lambda: rows(3))
    app = console(source)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        source.gate.clear()
        type_at_once(app, "8j:")
        await until(pilot, lambda: isinstance(app.screen, Palette))


async def test_no_key_overtakes_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enters leave the filter, open a page and close it; the palette that is asked for after them must not take one."""
    taken: list[object] = []

    async def note(app: Shell, offer: object) -> None:
        taken.append(offer)

    monkeypatch.setattr(Shell, "_run", note)
    app = sample()
    async with app.run_test() as pilot:
        await ready(app, pilot)
        for number, turns in product((2, 3, 50), range(5)):
            await pilot.press("slash")
            for _ in range(number):
                app.post_message(Key("enter", "\r"))
            for _ in range(turns):
                await asyncio.sleep(0)
            app.post_message(Key("colon", ":"))
            await until(pilot, lambda: isinstance(app.screen, Palette))
            await drawn(app.screen)
            await pilot.press("escape", "escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)
    assert [each for each in taken if each] == []


async def test_a_click_and_another_window_wait_for_the_keys_before_them() -> None:
    """A row under the mouse must not be the one that a key before the click meant, nor a filter's text commands."""
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        table = pane(app).table
        type_at_once(app, "jjd")
        down, up = (kind(None, 10, table.region.y + 6, 0, 0, 1, False, False, False) for kind in (MouseDown, MouseUp))
        app.post_message(down)
        app.post_message(up)
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        assert table.rows.cursor == 2
        await pilot.press("escape")
        type_at_once(app, "/Kp")
        app.post_message(AppBlur())
        app.post_message(AppFocus())
        type_at_once(app, "q")
        await until(pilot, lambda: pane(app).query_one(Entry).value == "Kpq")
        assert (pane(app).terminated, pane(app).paused) == (0, False)


@pytest.mark.parametrize("turns", range(0, 12, 2))
async def test_keys_that_waited_for_a_pane_are_not_overtaken_when_it_answers(turns: int) -> None:
    source = Source(lambda: rows(30))
    app = console(source)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        source.gate.clear()
        type_at_once(app, "8jj/")
        await until(pilot, lambda: len(app._ahead._keys) == 3)
        source.gate.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        type_at_once(app, "dba")
        await until(pilot, lambda: pane(app).query_one(Entry).value == "dba")
        assert pane(app).table.rows.cursor == 2


async def test_a_paste_behind_a_jump_is_not_lost() -> None:
    source = Source(lambda: rows(3))
    app = console(source)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        source.gate.clear()
        type_at_once(app, "8/a")
        app.post_message(Paste("dba"))
        type_at_once(app, "b")
        await until(pilot, lambda: pane(app).NAME == "migrations")
        source.gate.set()
        await until(pilot, lambda: pane(app).query_one(Entry).value == "adbab")


async def test_nothing_is_heard_of_what_nobody_can_see() -> None:
    """In a terminal that is too small `q` would leave while a word is typed, and enter would answer a dialog."""
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("slash", "t")
        await pilot.resize_terminal(40, 10)
        await pilot.press("q", "x", "escape", "8")
        await pilot.resize_terminal(80, 24)
        await pilot.press("p")
        assert app.is_running
        assert (pane(app).NAME, pane(app).query_one(Entry).value) == ("sessions", "tp")
        await pilot.press("escape", "U", *"disk is full")
        await pilot.resize_terminal(40, 10)
        await pilot.press("enter", "enter", "q", "escape")
        await pilot.resize_terminal(80, 24)
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("!")
        assert app.screen.query_one(Entry).value == "disk is full!"
        await pilot.press("escape")
        await pilot.resize_terminal(40, 10)
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running)
