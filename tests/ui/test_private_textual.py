"""What the console uses of Textual that is not promised to stay: a release that changes it fails here, by name."""

import inspect
import re
import weakref
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from types import FunctionType
from typing import Any

import pytest
import textual
from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region
from textual.message_pump import MessagePump

from console.errors import Exit
from console.ui.onscreen import PartOfScreen, WholeScreen
from console.ui.shell import Shell
from console.ui.thrift import SPLIT

ROOT = Path(__file__).resolve().parents[2]
SCREENS = sorted([*(ROOT / "console/ui").glob("*.py"), ROOT / "console/app.py", *ROOT.glob("console/panes/*/view.py")])

USED = {"_display", "_fatal_error"}
"""Names of Textual's own that the console overrides, each with its reason beside it in console/ui/shell.py."""


def changed(what: str, user: str) -> str:
    return f"Textual {textual.__version__} has changed {what}, on which {user} relies; see there what it is for"


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("_display", ["self", "screen", "renderable"]),
        ("_fatal_error", ["self"]),
        ("panic", ["self", "renderables"]),  # public, but what calls it is not
    ],
)
def test_what_is_overridden_is_still_there(method: str, parameters: list[str]) -> None:
    real = getattr(App, method, None)
    assert real is not None, changed(f"App.{method}", f"Shell.{method} in console/ui/shell.py")
    found = list(inspect.signature(real).parameters)
    assert found == parameters, changed(f"App.{method}", f"Shell.{method} in console/ui/shell.py")


@pytest.mark.parametrize(
    ("name", "parts", "kind", "known"),
    [
        ("ChopsUpdate", ([{}], [(0, 0, 1)], [[1]]), PartOfScreen, {"chops", "spans", "chop_ends"}),
        ("LayoutUpdate", ([], Region(0, 0, 1, 1)), WholeScreen, {"strips", "region"}),
    ],
)
def test_updates_are_still_made_of_the_same_parts(name: str, parts: Any, kind: type, known: set[str]) -> None:
    update = getattr(import_module("textual._compositor"), name, None)
    assert update is not None, changed(name, "console/ui/onscreen.py")
    made = update(*parts)
    assert isinstance(made, kind), changed(f"the parts of {name}", "console/ui/onscreen.py")
    assert known == set(vars(made)), changed(name, "console/ui/onscreen.py")


def test_nothing_else_writes_to_the_terminal() -> None:
    methods = {name: inspect.getsource(found) for name, found in vars(App).items() if inspect.isfunction(found)}
    silent = {"bell", "copy_to_clipboard", "_set_pointer_shape", "_begin_update", "_end_update"}
    ending = {"_process_messages"}
    assert {name for name, source in methods.items() if "driver.write(" in source} == {"_display", *silent, *ending}, (
        changed("who writes to the terminal", "console/ui/onscreen.py")
    )


def test_whoever_asks_for_colours_is_not_kept_for_it() -> None:
    Shell()
    asking = import_module("textual._styles_cache").StylesCache()
    colours = asking.get_inner_outer(Color(0, 0, 0), Color(255, 255, 255))
    assert [style.background for style in colours] == [Color(255, 255, 255), Color(0, 0, 0)]
    kept = weakref.ref(asking)
    del asking
    assert kept() is None, changed("StylesCache.get_inner_outer", "console/ui/thrift.py")


def test_few_of_the_lines_that_are_cut_are_kept() -> None:
    Shell()
    for number in range(2 * SPLIT):
        assert Segment(f"{number:03} s…").split_cells(3) == (Segment(f"{number:03}"), Segment(" s…"))
    kept = Segment._split_cells.cache_info().currsize
    assert kept <= SPLIT, changed("Segment.split_cells, or Rich has", "console/ui/thrift.py")


@pytest.mark.parametrize(
    ("method", "name"),
    [
        (LinuxDriver.run_input_thread, "getincrementaldecoder"),
        (LinuxDriver.run_input_thread, "XTermParser"),
        (LinuxDriver.__init__, "SIGCONT"),
    ],
)
def test_a_terminal_is_still_read_by_the_same_names(method: FunctionType, name: str) -> None:
    assert name in method.__code__.co_names, changed(f"its use of {name}", "console/ui/driver.py")


async def test_one_sentence_is_printed_whatever_else_was_to_be(capfd: pytest.CaptureFixture[str]) -> None:
    app = Shell()
    async with app.run_test():
        app.panic("the values", "of all variables")
        app.panic("and again")
    said = " ".join(capfd.readouterr().err.split())
    assert said.startswith("emr-console: Something unexpected happened"), changed("App.panic", "console/ui/shell.py")
    assert said.endswith("Please report this line."), changed("what is printed at the end", "console/ui/shell.py")
    assert app.return_code == Exit.FAILED


def ours() -> Iterator[type[MessagePump | Driver]]:
    """Every class of the console that is a part of a screen, and what draws it."""
    for path in SCREENS:
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for _, found in inspect.getmembers(module, inspect.isclass):
            if found.__module__ == module.__name__ and issubclass(found, MessagePump | Driver):
                yield found


@cache
def private_names(kind: type) -> set[str]:
    """The names with one underscore that a class gives to its methods and attributes."""
    source = dedent(inspect.getsource(kind))
    return set(re.findall(r"(?:self\.|def |^ {4})(_(?!_)\w+)", source, re.MULTILINE))


@pytest.mark.parametrize("kind", list(ours()), ids=lambda kind: kind.__name__)
def test_nothing_else_of_textual_is_used_or_hidden_by_a_name_of_ours(kind: type) -> None:
    bases = [base for base in kind.__mro__ if base.__module__.startswith("textual.")]
    theirs = set().union(*map(private_names, bases))
    shared = private_names(kind) & theirs - USED
    assert not shared, f"{shared} in {kind.__name__} is private to Textual, or hides what has that name there"


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.name)
def test_no_private_module_is_imported(path: Path) -> None:
    assert re.findall(r"^\s*(?:from|import) textual[\w.]*\._\w+", path.read_text("utf-8"), re.MULTILINE) == []
