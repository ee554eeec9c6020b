"""Mends mistakes of Textual's and Rich's: what is long gone from the screen would be kept."""

from functools import lru_cache
from typing import Any

from rich.segment import Segment
from textual.widget import StylesCache  # type: ignore[attr-defined] # it has no public home

SPLIT = 256
"""Pieces of lines that are remembered with their halves: those of a screen or two."""

_colours: Any = lru_cache(1024)(StylesCache.get_inner_outer.__wrapped__)
_halves: Any = lru_cache(SPLIT)(Segment._split_cells.__wrapped__)


def let_go() -> None:
    """Remember colours by colours alone, as the parameter `cls` of the method says it was meant, and few lines.

    It is no class method, so that its cache holds on to each widget's cache of drawn lines that has asked: to 1,024 of
    closed dialogs and pages, in the end tens of megabytes. And of the pieces of a line that has any `…` or `✖` in it
    16,384 are remembered when they are cut, a kilobyte each; a list with ages in it has some new ones at each refresh.
    """
    StylesCache.get_inner_outer = classmethod(_colours)  # type: ignore[method-assign,assignment] # what it was meant to be
    Segment._split_cells = classmethod(_halves)  # type: ignore[method-assign,assignment] # the same with less memory
