"""A pane's place in the bar, known before the pane itself is read: ten panes take a third of a second to import."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from console.ui.pane import Pane


@dataclass(frozen=True, slots=True)
class Place:
    """What the bar, the keys and the palette need to know of a pane; spelled as on the pane itself."""

    NAME: str
    """As in --pane and :name; its folder below console/panes, whose view.py has a class `<Name>Pane`."""
    TITLE: str
    """As in the pane bar."""
    SHORT: str
    """As in the pane bar of a narrow terminal."""
    KEY: str
    """The key that leads to it."""
    answers: str
    """What it answers, for the help."""

    def kind(self) -> type[Pane[Any, Any]]:
        """The pane's class, imported now."""
        module = import_module(f"console.panes.{self.NAME}.view")
        found: type[Pane[Any, Any]] = getattr(module, f"{self.NAME.capitalize()}Pane")
        return found


def kind_of(pane: Place | type[Pane[Any, Any]]) -> type[Pane[Any, Any]]:
    """The class of a pane, which may be given by its place."""
    return pane.kind() if isinstance(pane, Place) else pane


def answer_of(pane: Place | type[Pane[Any, Any]]) -> str:
    """What it answers: the first line of its docstring, as its place knows it."""
    return pane.answers if isinstance(pane, Place) else (pane.__doc__ or "").partition("\n")[0]
