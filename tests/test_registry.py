"""The list of panes says of each what its class says, without importing it."""

import subprocess
import sys

import pytest
from textual.widget import Widget

from console.registry import PANES
from console.ui.place import Place, answer_of


@pytest.mark.parametrize("place", PANES, ids=lambda place: str(place.NAME))
def test_a_place_says_what_its_pane_says(place: Place) -> None:
    pane = place.kind()
    assert (place.NAME, place.TITLE, place.SHORT, place.KEY) == (pane.NAME, pane.TITLE, pane.SHORT, pane.KEY)
    assert place.answers == answer_of(pane)


def test_no_pane_is_imported_before_it_is_shown() -> None:
    code = "import sys, console.app; print(*(m for m in sys.modules if m.startswith('console.panes.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_no_two_widgets_share_a_name() -> None:
    """Textual finds a style by the name of a class: the height of one pane's line would be that of another's."""
    for place in PANES:
        place.kind()
    named: dict[str, set[str]] = {}
    waiting = list(Widget.__subclasses__())
    while waiting:
        widget = waiting.pop()
        waiting += widget.__subclasses__()
        if widget.__module__.startswith("console."):
            named.setdefault(widget.__name__, set()).add(widget.__module__)
    assert {name: modules for name, modules in named.items() if len(modules) > 1} == {}
