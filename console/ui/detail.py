"""A page to read: facts, and texts such as a statement, highlighted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from console.ui.commands import READING, SCROLLING, CommandTable, bindings
from console.ui.facts import Fact, Facts, facts_text
from console.ui.footer import Footer
from console.ui.screens import Sheet, attended
from console.ui.text import sanitise
from console.ui.toosmall import TooSmall

HIGHLIGHT_LIMIT = 50_000
"""Characters of a text above which it is shown in one colour: highlighting would take too long."""


@dataclass(frozen=True, slots=True)
class Block:
    """A text of many lines."""

    title: str
    """Its heading."""
    text: str
    """As it came from the server; it is made safe here."""
    language: str = ""
    """Such as sql; empty for plain text."""
    copied: str = ""
    """What is copied in its place where some of it is not shown; empty: the same."""


class Page(VerticalScroll):
    """A text to scroll through."""

    COMMAND_TABLE: ClassVar[CommandTable] = SCROLLING
    BINDINGS: ClassVar = bindings(SCROLLING)
    DEFAULT_CSS = "Page { padding: 1 2; scrollbar-size: 1 1; }"


class DetailScreen(Sheet[None]):
    """Facts and texts on a page of their own; esc goes back."""

    COMMAND_TABLE: ClassVar[CommandTable] = READING
    BINDINGS: ClassVar = bindings(READING)
    DEFAULT_CSS = """
    DetailScreen {
        & > .title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
        & .heading { margin-top: 1; color: $text-muted; text-style: underline; width: auto; }
    }
    """

    def __init__(self, title: str, facts: Sequence[Fact] = (), blocks: Sequence[Block] = ()) -> None:
        super().__init__()
        self._heading = sanitise(title)
        self._facts = facts
        self._blocks = blocks

    def compose(self) -> ComposeResult:
        """The title, the page, the keys."""
        yield Static(self._heading, classes="title", markup=False)
        with Page():
            if self._facts:
                yield Facts(self._facts)
            for block in self._blocks:
                yield Static(sanitise(block.title), classes="heading", markup=False)
                yield Static(_content(block), markup=False)
        yield Footer()
        yield TooSmall()

    def action_copy(self) -> None:
        """Copy the texts, or the facts if there are none: what is shown, and constants where a heading says so."""
        texts = [sanitise(block.copied or block.text, lines=True) for block in self._blocks]
        texts = texts or [facts_text(self._facts)]
        self.app.copy_to_clipboard("\n\n".join(texts))

    def action_close(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)


def open_page(opener: Widget, page: DetailScreen) -> None:
    """Show a page that a person asked for, unless he looks at something else by now: a second enter comes as fast."""
    if attended(opener):
        opener.app.push_screen(page)


def _content(block: Block) -> Content:
    text = sanitise(block.text, lines=True)
    if not block.language or len(text) > HIGHLIGHT_LIMIT:
        return Content(text)
    from textual.highlight import HighlightTheme, highlight  # reads Pygments, which nobody waits for at the start

    # What Pygments cannot read looks like the rest: in some themes the colours of an error hide it.
    styles = {token: style for token, style in HighlightTheme.STYLES.items() if not str(token).endswith("Error")}
    quiet = type("Quiet", (HighlightTheme,), {"STYLES": styles})
    return highlight(text, language=block.language, path=None, theme=quiet)
