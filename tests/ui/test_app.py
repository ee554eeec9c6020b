"""The console around its panes."""

from dataclasses import replace
from typing import Any, ClassVar

import pytest
from textual.content import Content
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Static

from console.app import ConsoleApp
from console.errors import ConnectionLost
from console.ui import ahead, window
from console.ui.confirm import ConfirmScreen
from console.ui.detail import Block, DetailScreen
from console.ui.entry import Entry
from console.ui.facts import Facts
from console.ui.footer import Footer
from console.ui.frame import WITHOUT_SERVER
from console.ui.header import Header
from console.ui.help import HelpScreen
from console.ui.notice import State
from console.ui.palette import Palette
from console.ui.panebar import PaneBar, Panes
from tests.ui.sample import HERE, HOSTILE, UTF8, OtherPane, SampleConsole, SamplePane, Source, console, rows
from tests.ui.waiting import drawn, seen, until


def text(app: ConsoleApp, bar: type[Header] | type[PaneBar] | type[Footer]) -> str:
    """What one of the bars shows."""
    return app.query_one(bar).render_line(0).text.strip()


def pane(app: ConsoleApp) -> SamplePane:
    """The pane that is shown."""
    shown = app._switcher.visible_content
    assert isinstance(shown, SamplePane)
    return shown


def sample(count: int = 30) -> SampleConsole:
    return console(Source(lambda: rows(count)))


async def ready(app: ConsoleApp, pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: pane(app).state is State.DATA and app.focused is pane(app).table)
    await until(pilot, lambda: pane(app).table.is_on_screen)


async def test_opens_on_the_first_pane() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await until(pilot, lambda: text(app, Header).endswith("live"))
        assert text(app, Header) == "staging  dba@db1/emr  primary  18.6  timescale 2.23.0          READ-ONLY  live"
        assert text(app, PaneBar) == "2 Sess 8 Migr"
        assert text(app, Footer) == ("enter open  / filter  p pause  U write window  ? help  : command  q quit")


async def test_panes_are_made_when_first_visited_and_kept() -> None:
    app = sample()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(app, pilot)
        first = pane(app)
        assert [child.id for child in app._switcher.children] == ["sessions"]
        await pilot.press("j", "j", "8")
        await until(pilot, lambda: isinstance(pane(app), OtherPane))
        await ready(app, pilot)
        assert text(app, PaneBar) == "2 Sessions  8 Migrations"
        assert first.due is None
        assert first.asked is None
        await pilot.press("2")
        await ready(app, pilot)
        assert pane(app) is first
        assert first.table.rows.cursor == 2


@pytest.mark.parametrize(
    ("width", "first", "last"),
    [
        (200, "1 Overview  2", "F Fleet"),
        (115, "1 Overview 2", "F Fleet"),
        (80, "1 Over 2", "F Fleet"),
        (60, "1 Over 2 3", "0 F"),
    ],
)
def test_the_bar_names_the_panes_as_far_as_there_is_room(width: int, first: str, last: str) -> None:
    bar = PaneBar(ConsoleApp.PANES)
    bar.current = "overview"
    said = "".join(piece.text for piece in bar.pieces(width)).strip()
    assert said.startswith(first)
    assert said.endswith(last)
    assert len(said) < width


async def test_start_and_click_choose_a_pane() -> None:
    app = SampleConsole(Source(lambda: rows(3)), HERE, start="migrations", environ={})  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        assert pane(app).NAME == "migrations"
        await pilot.click(PaneBar, offset=(3, 0))
        await until(pilot, lambda: pane(app).NAME == "sessions")


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
        await pilot.press("slash", "t", "alt+p")  # so Textual calls escape and a letter right after it
        await until(pilot, lambda: pane(app).paused and pane(app).query_one(Entry).value == "")


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


async def test_help_lists_what_works_here() -> None:
    app = sample()
    async with app.run_test(size=(80, 60)) as pilot:
        await ready(app, pilot)
        await pilot.press("?")
        assert isinstance(app.screen, HelpScreen)
        said = str(app.screen.query_one("Page > Static", Static).content)
        for line in (
            "  p            pause",
            "  /            filter",
            "  2            Sessions       Made-up sessions.",
            "  : its name   next theme",
        ):
            assert line in said
        assert "terminate" not in said
        assert max(map(len, said.split("\n"))) <= 74
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


async def test_detail_shows_copies_and_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    app = console(Source(lambda: [replace(row, query=f"select 1,\n\t'{HOSTILE}'") for row in rows(3)]))
    copied: list[str] = []
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        await pilot.press("y")
        assert copied[0].startswith("select 1,\n        '\\x1b]52;c;aGk=\\x07 [/]")
        await pilot.press("escape")
        assert len(app.screen_stack) == 1
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        await pilot.press("8")
        await until(pilot, lambda: len(app.screen_stack) == 1 and pane(app).NAME == "migrations")


async def test_what_is_no_sql_is_as_readable_as_the_rest() -> None:
    """And a long value stays in its column."""
    page = DetailScreen(
        "session 1", [("role", "dba"), ("found", "asleep " * 25)], [Block("statement", "select '\\x1b' \\", "sql")]
    )
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await app.push_screen(page)
        content = page.query("Page > Static").last(Static).content
        assert isinstance(content, Content)
        assert not [span for span in content.spans if "error" in str(span.style)]
        await seen(pilot, "asleep asleep")
        facts = page.query_one(Facts)
        told = [facts.render_line(y).text[:14].rstrip() for y in range(facts.size.height)]
        assert told == ["role   dba", "found  asleep", "       asleep", "       asleep"]


async def test_zoom_leaves_only_the_pane() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        height = pane(app).size.height
        await pilot.press("z")
        await until(pilot, lambda: pane(app).size.height == height + 3)
        await pilot.press("z")
        await until(pilot, lambda: pane(app).size.height == height)


async def opened(app: SampleConsole, pilot: Pilot[Any]) -> None:
    """Open the write window."""
    await pilot.press("U")
    assert isinstance(app.screen, ConfirmScreen)
    app.screen.query_one(Entry).value = "disk is full"
    await pilot.press("enter", "enter")
    await until(pilot, lambda: app.window.is_open and pane(app).writable)


async def test_write_window_opens_with_a_reason_and_closes_by_key() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        assert "terminate" not in text(app, Footer)
        await pilot.press("U", "escape")
        assert not app.window.is_open, "without a reason it stays closed"
        await opened(app, pilot)
        assert "READ-WRITE 15:00" in text(app, Header) or "READ-WRITE 14:59" in text(app, Header)
        assert app.window.reason == "disk is full"
        await until(pilot, lambda: "K terminate" in text(app, Footer))
        await pilot.press("K")
        assert pane(app).terminated == 1
        await pilot.press("8")
        await ready(app, pilot)
        assert pane(app).writable, "a pane that is made later"
        await pilot.press("U")
        await until(pilot, lambda: not pane(app).writable)
        assert "READ-ONLY" in text(app, Header)
        assert "K" not in app.active_bindings


async def test_write_window_closes_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    app = sample()
    now = [1000.0]
    monkeypatch.setattr(window, "monotonic", lambda: now[0])
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await opened(app, pilot)
        now[0] += window.WINDOW_MINUTES * 60 + 1
        app.window._tick()
        await until(pilot, lambda: not pane(app).writable)
        assert not app.window.is_open


async def test_write_window_closes_when_the_connection_breaks() -> None:
    broken: list[Exception] = []

    def answer() -> list[Any]:
        if broken:
            raise broken[0]
        return rows(3)

    app = console(Source(answer))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await opened(app, pilot)
        broken.append(ConnectionLost("The connection broke."))
        await until(pilot, lambda: pane(app).state is State.STALE)
        await until(pilot, lambda: not app.window.is_open and "READ-ONLY" in text(app, Header))
        await pilot.press("U")
        assert not isinstance(app.screen, ConfirmScreen)
        await until(pilot, lambda: WITHOUT_SERVER in {toast.message for toast in app._notifications})
        broken.clear()
        await pilot.press("r")
        await until(pilot, lambda: pane(app).state is State.DATA)
        await pilot.press("U")
        assert isinstance(app.screen, ConfirmScreen)


async def test_header_says_paused_and_production() -> None:
    app = console(Source(lambda: rows(3)), identity=replace(HERE, production=True, profile="production", audited=True))
    async with app.run_test(size=(100, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("p")
        await until(pilot, lambda: text(app, Header).endswith("paused"))
        assert text(app, Header).startswith("PRODUCTION  dba@db1/emr")
        assert "READ-ONLY, audited" in text(app, Header)
        app.post_message(Header.Identified(replace(HERE, role="standby")))
        await until(pilot, lambda: "standby" in text(app, Header))


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


async def test_an_unknown_theme_is_named() -> None:
    app = SampleConsole(Source(list), HERE, theme="purple", environ=UTF8)  # type: ignore[arg-type]  # a stand-in
    async with app.run_test(size=(80, 24)):
        assert app.theme == "dark"
        [note] = app._notifications
        assert note.message.startswith("there is no theme purple; there are dark, light, ")


async def test_notes_are_drawn_as_they_read() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        pane(app).notify(HOSTILE)
        await until(pilot, lambda: len(app._notifications) == 1)
        [note] = app._notifications
        assert (note.message[:16], note.markup) == (r"\x1b]52;c;aGk=\x", False)


async def test_themes_change_by_name() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        seen = []
        for _ in range(5):
            await app.run_action("next_theme")
            seen.append(app.theme)
        assert seen == ["light", "ansi", "contrast", "colour-blind", "dark"]


async def test_a_console_without_panes_still_opens() -> None:
    class Bare(ConsoleApp):
        PANES: ClassVar[Panes] = ()

    app = Bare(Source(list), HERE, environ={})  # type: ignore[arg-type]  # a stand-in
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("q")
    assert app.return_code == 0


async def test_q_leaves_and_esc_does_not() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("escape", "ctrl+c", "ctrl+q")
        assert app.is_running
        await pilot.press("q")
    assert app.return_code == 0


async def test_everything_has_its_place() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        for width, height in ((80, 24), (60, 15), (200, 50)):
            await pilot.resize_terminal(width, height)
            await drawn(app.screen)
            assert app.query_one(Header).region == (0, 0, width, 1)
            assert app.query_one(PaneBar).region == (0, 1, width, 1)
            assert app.query_one(Footer).region == (0, height - 1, width, 1)
            assert pane(app).table.region == (0, 2, width, height - 3)


async def test_too_small_is_a_sentence_and_asks_nothing() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        for width, height in ((40, 10), (80, 10), (40, 24)):
            await pilot.resize_terminal(width, height)
            await until(pilot, lambda: pane(app).due is None and pane(app).asked is None)
            shown = [widget for widget in app.screen.children if widget.display]
            assert [str(w.content) for w in shown if isinstance(w, Static)] == [
                f"This terminal is {width}x{height}; the console needs 60x15."
            ]
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: pane(app).due is not None or pane(app).asked is not None)


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


async def test_a_key_that_changes_something_says_how_to_be_allowed_to() -> None:
    app = console(Source(lambda: rows(3)), keymap={"sessions.end": "X"})
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(app, pilot)
        await pilot.press("X")
        await until(pilot, lambda: len(app.screen.query("Toast")) == 1)
        assert "U opens the write window" in app.screen.query_one("Toast").render_line(0).text
        assert "terminate" not in text(app, Footer)
        await pilot.press("escape", "K")
        assert pane(app).terminated == 0
