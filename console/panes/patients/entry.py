"""The line in which a patient is searched; what was typed goes when the line does, since it names a patient."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from console.errors import UsageError
from console.panes.patients.keys import TYPING
from console.services.patients.wanted import Wanted, wanted
from console.ui.commands import CommandTable, bindings
from console.ui.entry import Entry
from console.ui.text import sanitise

HOW = "/ finds a patient; every search is written down in the audit log"
"""Said before the first search."""


class FindEntry(Entry):
    """The search as it is typed."""

    COMMAND_TABLE: ClassVar[CommandTable] = TYPING
    BINDINGS: ClassVar = bindings(TYPING)

    def __init__(self, line: "FindLine") -> None:
        super().__init__(placeholder="TEST-0000123, born:1980-02-03, or testson, an")
        self._line = line

    async def action_submit(self) -> None:
        """Search."""
        self._line.submit()

    def action_leave(self) -> None:
        """Back to the rows."""
        self._line.leave()


class FindLine(Vertical):
    """What was searched, masked; or the line to type into."""

    DEFAULT_CSS = """
    FindLine {
        height: auto;
        background: $surface;
        & > .said { height: 1; padding: 0 1; color: $text-muted; }
        & > .line { display: none; height: 1; }
        & .slash { width: 3; color: $text-muted; }
        & > .trouble { display: none; height: auto; max-height: 3; padding: 0 3; color: $text-error; }
        &.-typing > .said { display: none; }
        &.-typing > .line { display: block; }
        &.-wrong > .trouble { display: block; }
    }
    """

    class Asked(Message):
        """A person wants this patient to be found."""

        def __init__(self, wanted: Wanted) -> None:
            super().__init__()
            self.wanted = wanted
            """Whom."""

    class Left(Message):
        """A person goes back to the rows."""

    def __init__(self) -> None:
        super().__init__()
        self.entry = FindEntry(self)
        """What is typed."""
        self._said = Static(HOW, classes="said", markup=False)
        self._trouble = Static(classes="trouble", markup=False)

    def compose(self) -> ComposeResult:
        """The search, or the line to type it into; what is wrong with it."""
        yield self._said
        yield Horizontal(Static(" / ", classes="slash", markup=False), self.entry, classes="line")
        yield self._trouble

    def type(self) -> None:
        """Begin to type; the very next key is already part of it."""
        self.add_class("-typing")
        self.screen.set_focus(self.entry)

    def say(self, shown: str, patients: int, *, more: bool) -> None:
        """Say what was searched, as it may be shown."""
        many = f"more than {patients}" if more else f"{patients}"
        self._said.update(sanitise(f"/ {shown}   {many} patient{'' if patients == 1 else 's'}"))

    def clear(self) -> None:
        """Nothing was searched."""
        self._said.update(HOW)
        self._close()

    def submit(self) -> None:
        """Search, unless what is typed cannot be understood."""
        try:
            meant = wanted(self.entry.value)
        except UsageError as error:
            self.add_class("-wrong")
            self._trouble.update(sanitise(f"✖ {error.message} {error.hint}"))
            return
        self.leave()
        self.post_message(self.Asked(meant))

    def leave(self) -> None:
        """Back to the rows."""
        self._close()
        self.post_message(self.Left())

    @on(Input.Changed)
    def _forgive(self, event: Input.Changed) -> None:
        event.stop()
        self.remove_class("-wrong")

    def _close(self) -> None:
        self.entry.value = ""
        self.remove_class("-typing", "-wrong")
