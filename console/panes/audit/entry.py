"""The line in which a search is typed: errors at their place, what a word could become, tab to complete it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from console.errors import ConsoleError
from console.panes.audit.keys import TYPING
from console.panes.audit.lines import Terms
from console.services.audit.completion import common, proposals, word_before
from console.services.audit.grammar import SearchError, parse_search
from console.ui.commands import CommandTable, bindings
from console.ui.entry import Entry
from console.ui.text import sanitise

Names = Callable[[str], Awaitable[list[str]]]
"""Users whose names begin so."""

MARGIN = 3
"""Cells before what is typed."""

EXAMPLE = 'patient:MRN  user:ana  action:view,export  since:2y  ip:10.2.0.0/16  after-hours  bulk  "free text"'


class SearchEntry(Entry):
    """The search as it is typed."""

    COMMAND_TABLE: ClassVar[CommandTable] = TYPING
    BINDINGS: ClassVar = bindings(TYPING)

    def __init__(self, line: "SearchLine") -> None:
        super().__init__(placeholder="patient:TEST-0000123 since:2y action:view,export")
        self._line = line

    async def action_submit(self) -> None:
        """Search."""
        self._line.submit()

    def action_complete(self) -> None:
        """Complete the word at the cursor."""
        self._line.complete()

    def action_leave(self) -> None:
        """Back to the rows."""
        self._line.leave()


class SearchLine(Vertical):
    """What is searched: masked, or as it is being typed."""

    DEFAULT_CSS = """
    SearchLine {
        height: auto;
        background: $surface;
        & > Terms { display: block; }
        & > .line { display: none; height: 1; }
        & .slash { width: 3; color: $text-muted; }
        & > .hint { display: none; height: auto; max-height: 3; padding: 0 1 0 3; color: $text-muted; }
        & > .caret { display: none; height: 1; color: $text-error; }
        &.-typing > Terms { display: none; }
        &.-typing > .line, &.-typing > .hint { display: block; }
        &.-wrong > .caret { display: block; }
        &.-wrong > .hint { color: $text-error; }
    }
    """

    class Asked(Message):
        """A person wants this to be searched."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text
            """As typed; empty for no search at all."""

    class Left(Message):
        """A person goes back to the rows."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.terms = Terms()
        """What is searched."""
        self.entry = SearchEntry(self)
        """What is typed."""
        self._names = names
        self._users: list[str] = []
        self._caret = Static(classes="caret", markup=False)
        self._hint = Static(classes="hint", markup=False)

    def compose(self) -> ComposeResult:
        """The search, or the line to type it into; where it is wrong; what could come next."""
        yield self.terms
        yield Horizontal(Static(" / ", classes="slash", markup=False), self.entry, classes="line")
        yield self._caret
        yield self._hint

    @property
    def typing(self) -> bool:
        """Whether something is being typed."""
        return self.has_class("-typing")

    def type(self, text: str) -> None:
        """Begin to type, or go on with this; the very next key is already part of it."""
        self.entry.value = text
        self.entry.cursor_position = len(text)
        self.add_class("-typing")
        self._guide()
        self.screen.set_focus(self.entry)

    def clear(self) -> None:
        """Forget what was typed and searched."""
        self.entry.value = ""
        self.terms.clear()
        self.remove_class("-typing", "-wrong")

    def submit(self) -> None:
        """Search, unless what is typed cannot be understood."""
        text = self.entry.value.strip()
        if text and (wrong := _wrong(text)):
            self.complain(wrong)
            return
        self.leave()
        self.post_message(self.Asked(text))

    def leave(self) -> None:
        """Back to the rows; what is typed is masked again."""
        self.remove_class("-typing", "-wrong")
        self.post_message(self.Left())

    def complain(self, error: SearchError) -> None:
        """Say what is wrong, and where."""
        self.add_class("-typing", "-wrong")
        at = max(0, error.position - round(self.entry.scroll_offset.x))
        self._caret.update(" " * (MARGIN + at) + "▲")
        self._hint.update(sanitise(f"at {error.position + 1}: {error.message} {error.hint}".strip()))

    def complete(self) -> None:
        """Put what all proposals have in common in place of the word at the cursor."""
        cursor = self.entry.cursor_position
        word = word_before(self.entry.value, cursor)
        better = common(proposals(word, self._users))
        if len(better) > len(word):
            self.entry.replace(better, cursor - len(word), cursor)

    @on(Input.Changed)
    def _read(self, event: Input.Changed) -> None:
        event.stop()
        if self.entry.has_focus:
            self._guide()

    def _guide(self) -> None:
        """Say what is wrong, but not of the word that is still being typed; else what it could become."""
        text, cursor = self.entry.value, self.entry.cursor_position
        word = word_before(text, cursor)
        wrong = _wrong(text) if text.strip() else None
        if wrong is not None and not (word and wrong.position >= cursor - len(word)):
            self.complain(wrong)
            return
        self.remove_class("-wrong")
        field, colon, start = word.removeprefix("-").partition(":")
        if field.lower() == "user" and colon:
            self._ask_users(start.rpartition(",")[2].strip('"'))
        self._propose(word)

    def _propose(self, word: str) -> None:
        found = proposals(word, self._users) if word else []
        self._hint.update(sanitise("  ".join(found) if found else "" if word else EXAMPLE))

    @work(exclusive=True, group="names", exit_on_error=False)
    async def _ask_users(self, start: str) -> None:
        try:
            self._users = await self._names(start)
        except ConsoleError:
            self._users = []  # a name can be typed without help
        word = word_before(self.entry.value, self.entry.cursor_position)
        if self.entry.has_focus and word.removeprefix("-").lower().startswith("user:"):
            self._propose(word)


def _wrong(text: str) -> SearchError | None:
    """What is wrong with a search, by our clock; the server's decides when it is asked."""
    try:
        parse_search(text, datetime.now(UTC))
    except SearchError as error:
        return error
    return None
