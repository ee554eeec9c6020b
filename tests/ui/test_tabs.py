"""Panes that share one key."""

from collections.abc import Sequence
from time import monotonic
from typing import Any, ClassVar

from textual.pilot import Pilot

from console.errors import NoPrivilege
from console.ui.commands import CommandTable, available, bindings
from console.ui.entry import Entry
from console.ui.footer import Footer
from console.ui.header import Header
from console.ui.help import HelpScreen, help_text
from console.ui.notice import State
from console.ui.panebar import Panes, pane_commands
from console.ui.tabs import TabbedPane, TabLine
from tests.ui.sample import HERE, UTF8, OtherPane, Row, SampleConsole, SamplePane, Source, rows
from tests.ui.waiting import drawn, until


class Chunks(SamplePane):
    """Made-up chunks."""

    NAME: ClassVar = "chunks"
    TITLE: ClassVar = "Chunks"


class Retention(SamplePane):
    """Made-up retention."""

    NAME: ClassVar = "retention"
    TITLE: ClassVar = "Retention"

    def __init__(self, database: Source) -> None:
        super().__init__(database)
        self.denied = True

    async def load(self) -> Sequence[Row]:
        if self.denied:
            raise NoPrivilege("It may not be read.")
        return await super().load()


class Storage(TabbedPane):
    """Where the data lies."""

    NAME: ClassVar = "storage"
    TITLE: ClassVar = "Storage"
    SHORT: ClassVar = "Stor"
    KEY: ClassVar = "6"
    TABS: ClassVar = (Chunks, Retention)


class StorageConsole(SampleConsole):
    """The sample's console with a pane that has tabs."""

    PANES: ClassVar[Panes] = (Storage, OtherPane)
    COMMAND_TABLE: ClassVar[CommandTable] = pane_commands(PANES)
    BINDINGS: ClassVar = bindings(COMMAND_TABLE)


def console(**options: Any) -> StorageConsole:
    return StorageConsole(Source(lambda: rows(30)), HERE, environ=UTF8, **options)  # type: ignore[arg-type]  # stand-in


def storage(app: StorageConsole) -> Storage:
    return app.query_one(Storage)


def shown(app: StorageConsole) -> SamplePane:
    """The pane on screen."""
    pane = storage(app).shown
    assert isinstance(pane, SamplePane)
    return pane


def footer(app: StorageConsole) -> str:
    return app.query_one(Footer).render_line(0).text.strip()


def header(app: StorageConsole) -> str:
    return app.query_one(Header).render_line(0).text.strip()


async def ready(app: StorageConsole, pilot: Pilot[Any]) -> SamplePane:
    """The first tab, with rows and the keyboard."""
    await until(pilot, lambda: shown(app).state is State.DATA and app.focused is shown(app).table)
    return shown(app)


async def test_the_first_tab_is_shown_and_asks() -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        first = await ready(app, pilot)
        assert isinstance(first, Chunks)
        assert storage(app).state is State.DATA
        assert app.query_one(TabLine).render_line(0).text.rstrip() == " Chunks  Retention  t next"
        await until(pilot, lambda: header(app).endswith("live"))
        await until(pilot, lambda: footer(app).startswith("enter open  / filter  p pause  U write window"))
        assert footer(app).count("pause") == 1
        assert first.table.region == (0, 3, 80, 20)


async def test_only_the_tab_on_screen_asks_and_the_other_is_kept() -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        first = await ready(app, pilot)
        await pilot.press("j", "j", "t")
        assert isinstance(shown(app), Retention)
        await until(pilot, lambda: shown(app).state is State.UNAVAILABLE and app.focused is shown(app))
        assert (first.due, first.asked) == (None, None)
        assert storage(app).state is State.UNAVAILABLE
        asked = app.database.asked  # type: ignore[attr-defined]  # a stand-in
        await drawn(first)
        assert app.database.asked == asked  # type: ignore[attr-defined]  # a stand-in
        await pilot.press("T")
        assert await ready(app, pilot) is first
        assert first.table.rows.cursor == 2
        await until(pilot, lambda: first.due is not None or first.asked is not None)


async def test_the_header_tells_of_the_tab_on_screen() -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        first = await ready(app, pilot)
        await until(pilot, lambda: header(app).endswith("live"))
        await pilot.press("t")
        await until(pilot, lambda: header(app).endswith("READ-ONLY"))
        assert isinstance(shown(app), Retention)
        first.post_message(first.Refreshed(first, [], monotonic()))  # an answer that came as it was left
        await pilot.pause()
        assert header(app).endswith("READ-ONLY")
        shown(app).denied = False  # type: ignore[attr-defined]  # checked above
        await pilot.press("r")
        await until(pilot, lambda: header(app).endswith("live"))
        await pilot.press("p", "t")
        await until(pilot, lambda: header(app).endswith("live"))
        await pilot.press("t")
        await until(pilot, lambda: header(app).endswith("paused"))


async def test_another_pane_and_back() -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        first = await ready(app, pilot)
        await pilot.press("8")
        await until(pilot, lambda: first.due is None and first.asked is None)
        await pilot.press("6")
        assert await ready(app, pilot) is first
        await until(pilot, lambda: first.due is not None or first.asked is not None)


async def test_filter_and_back_are_those_of_the_tab() -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        first = await ready(app, pilot)
        await pilot.press("slash", "t", "enter")
        assert first.query_one(Entry).value == "t"
        assert shown(app) is first
        await pilot.press("t", "T")
        await ready(app, pilot)
        assert first.query_one(Entry).value == "t"
        await pilot.press("escape")
        assert first.query_one(Entry).value == ""
        app.database.gate.clear()  # type: ignore[attr-defined]  # a stand-in
        await until(pilot, lambda: first.asked is not None)
        assert first.asked is not None
        first.asked -= 30
        await pilot.press("escape")
        assert first.paused


async def test_the_write_window_reaches_every_tab() -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        first = await ready(app, pilot)
        assert "K" not in app.active_bindings
        app.window.open("disk is full")
        await until(pilot, lambda: first.writable)
        await until(pilot, lambda: "K terminate" in footer(app))
        await pilot.press("t")
        assert shown(app).writable, "a tab that is made later"
        app.window.close("you closed it")
        await until(pilot, lambda: not shown(app).writable and not first.writable)
        assert "K" not in app.active_bindings


async def test_help_and_palette_name_the_tabs_and_the_commands_of_the_one_on_screen() -> None:
    app = console(keymap={"sessions.end": "f6", "tabs.next": "n", "tab.chunks": "f7"})
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        assert not app._notifications, "the commands of a tab are known to [keymap]"
        said = help_text(available(app.screen))
        assert said.count("  pause  ") == 1
        for line in ("  n            next tab", "  T            previous tab", "  : its name   Retention      Made-up"):
            assert line in said
        await pilot.press(":", *"reten", "enter")
        await until(pilot, lambda: isinstance(shown(app), Retention))
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)


async def test_a_click_on_a_title_leads_there() -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.click(TabLine, offset=(12, 0))
        await until(pilot, lambda: isinstance(shown(app), Retention))
        await pilot.click(TabLine, offset=(70, 0))
        await pilot.click(TabLine, offset=(21, 0))
        assert isinstance(shown(app), Retention), "nothing is there"
        await pilot.click(TabLine, offset=(2, 0))
        await until(pilot, lambda: isinstance(shown(app), Chunks))


async def test_the_interval_that_a_person_set_is_that_of_every_tab() -> None:
    app = console(interval=10.0)
    async with app.run_test(size=(80, 24)) as pilot:
        first = await ready(app, pilot)
        await pilot.press("t")
        assert (first.interval, shown(app).interval) == (10.0, 10.0)
