"""Mends a mistake of Textual's: what widgets that are long gone had drawn would be kept."""

from functools import lru_cache
from typing import Any

from textual.widget import StylesCache  # type: ignore[attr-defined] # it has no public home

_colours: Any = lru_cache(1024)(StylesCache.get_inner_outer.__wrapped__)


def let_go() -> None:
    """Remember colours by colours alone, as the parameter `cls` of the method says it was meant.

    It is no class method, so that its cache holds on to each widget's cache of drawn lines that has asked: to 1,024 of
    closed dialogs and pages, in the end tens of megabytes.
    """
    StylesCache.get_inner_outer = classmethod(_colours)  # type: ignore[method-assign,assignment] # what it was meant to be
