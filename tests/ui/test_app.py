"""The console around its panes."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from textual.content import Content
from textual.widgets import Static

from console import folders
from console.app import ConsoleApp
from console.errors import UsageError
from console.ui.detail import Block, DetailScreen
from console.ui.facts import Facts
from console.ui.footer import Footer
from console.ui.header import Header
from console.ui.help import HelpScreen
from console.ui.panebar import PaneBar, Panes
from tests.ui.consoles import pane, ready, sample, text
from tests.ui.sample import HERE, HOSTILE, UTF8, OtherPane, SampleConsole, Source, console, rows
from tests.ui.waiting import drawn, seen, until


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


async def test_where_no_file_can_be_left_copying_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account without a home has no folder for what a clipboard does not take."""

    def nowhere() -> Path:
        raise UsageError("Where your files are is unknown.", hint="Set HOME.")

    app = console(Source(lambda: rows(3)))
    app.terminal = replace(app.terminal, clipboard=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        monkeypatch.setattr(folders, "state", nowhere)
        await pilot.press("y")
        await until(pilot, lambda: bool(app._notifications))
        (said,) = [note.message for note in app._notifications]
    assert said.startswith("It could not be copied: Where your files are is unknown.")
    assert "Set HOME." in said
