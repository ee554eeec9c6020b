"""One pane: what it shows, and how it stands."""

from time import monotonic
from typing import ClassVar, Generic, Protocol, TypeVar, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import var

from console.errors import ConsoleError
from console.ui.commands import PANE, CommandTable, bindings, listed_by
from console.ui.entry import Entry
from console.ui.lineview import LineView
from console.ui.notice import Notice, State, stale_text, unavailable_text, waiting_text
from console.ui.past import past_of
from console.ui.polled import Polled, hopeless


class Asked(Protocol):
    """What panes ask; nothing else is known of it here."""

    def pace(self, interval: float | None) -> None:
        """It is asked every so many seconds; None: on request."""

    def forget_refusals(self) -> None:
        """A person asks again what may have been refused."""


Database = TypeVar("Database", bound=Asked)
Data = TypeVar("Data")
Agreed = TypeVar("Agreed")

TOO_LATE = "The write window has closed meanwhile, and nothing was changed. U opens it again."
"""Said to who agrees after that."""


class Pane(Polled[Data], Generic[Database, Data], can_focus=True):
    """A view of the database in one of five states.

    A subclass names itself, composes its `body` and perhaps a `head`, says how to `load` and how to `show`, what is
    said when there is `nothing` in the data, and perhaps a `remark` on it. Commands of its own go into its
    `COMMAND_TABLE`, with `BINDINGS = bindings(COMMAND_TABLE)`.
    """

    NAME: ClassVar[str]
    """As in --pane and :name."""
    TITLE: ClassVar[str]
    """As in the pane bar."""
    SHORT: ClassVar[str]
    """As in the pane bar of a narrow terminal."""
    KEY: ClassVar[str]
    """The key that leads to it."""

    COMMAND_TABLE: ClassVar[CommandTable] = PANE
    MORE: ClassVar[CommandTable] = ()
    """What works on screens of its own; `[keymap]` may name that, too."""
    BINDINGS: ClassVar = bindings(PANE)
    DEFAULT_CSS = """
    Pane {
        height: 1fr;
        & > .body { height: 1fr; }
        & > .head { height: auto; }
    }
    """

    state: var[State] = var(State.LOADING)
    """How it stands."""
    writable: var[bool] = var(False, init=False)
    """Whether the write window is open; dangerous commands exist only then."""

    def __init__(self, database: Database) -> None:
        super().__init__(id=self.NAME)
        self._database = database
        self.error: ConsoleError | None = None
        """Why the last load failed; None if it did not."""
        self._nothing = self._remark = ""
        self._head, self._body = Vertical(classes="head"), Vertical(classes="body")
        commands = tuple(listed_by(type(self)))
        self._dangerous = {command.verb for command in commands if command.dangerous}
        self._asking = {command.verb for command in commands if command.asks}
        self._of_rows = {command.verb for command in commands if command.row}

    @property
    def database(self) -> Database:
        """Where it asks."""
        past = past_of(self.app) if self.is_attached else None
        return self._database if past is None else cast(Database, past.database)

    def head(self) -> ComposeResult:
        """What is said above the body, also when that is empty."""
        return ()

    def body(self) -> ComposeResult:
        """The widgets that show the data."""
        raise NotImplementedError

    def show(self, data: Data) -> None:
        """Put the data on screen."""
        raise NotImplementedError

    def nothing(self, data: Data) -> str:
        """What is said when there is nothing to show, such as `no blocked sessions`; empty when there is something."""
        return ""

    def remark(self, data: Data) -> str:
        """What has to be known about the rows, such as what is missing and why; empty when nothing is."""
        return ""

    def forget(self) -> bool:
        """Clear what must not stand on a screen that nobody looks at; whether there was something."""
        return False

    def seek(self, text: str) -> None:
        """Look for this, which a person wants to go on with from another pane; for panes in which one can search."""

    def compose(self) -> ComposeResult:
        """Head, body, and the notice that says how the pane stands."""
        with self._head:
            yield from self.head()
        with self._body:
            yield from self.body()
        yield Notice()

    def on_mount(self) -> None:
        """Count the seconds of a slow answer, and of old data."""
        self._clock = self.set_interval(1.0, self.say, pause=True)
        self.say()

    def on_show(self) -> None:
        """Seconds count."""
        self._clock.resume()

    def on_hide(self) -> None:
        """Nobody counts them."""
        self._clock.pause()

    def pace(self) -> None:
        """Say how often it asks, also to whom it asks."""
        super().pace()
        self.database.pace(self.interval)

    def action_now(self) -> None:
        """Ask now, also what was refused before."""
        self.database.forget_refusals()
        super().action_now()

    def watch_state(self, before: State, after: State) -> None:
        """Show body or notice, dim old rows, and keep the keyboard where something is seen."""
        self._head.display = after not in {State.LOADING, State.UNAVAILABLE}
        for view in self.query(LineView):
            view.stale = after in {State.STALE, State.UNAVAILABLE}  # the latter is seen while a filter is typed
        self._show_or_hide()
        self.refresh_bindings()

    def on_descendant_blur(self) -> None:
        """What was kept on screen for the sake of what was typed goes."""
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        """Show the body where there is something to see in it, and keep the keyboard on screen."""
        shown = self.has_rows or self._is_typed_in
        self._body.display = shown  # so, and not by a class, the styles of nothing are worked out anew
        if self.has_focus or (self.has_focus_within and not self._keyboard_is_seen):
            self.take_focus()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Leave the styles as they are: none depends on this, and Textual would work out those of the whole pane."""

    def watch_writable(self) -> None:
        """Dangerous keys come or go."""
        self.refresh_bindings()

    def still(self, agreed: Agreed | None) -> Agreed | None:
        """What a person has agreed to; None, which is told, where the write window has closed while he was asked."""
        if agreed is not None and not self.writable:
            self.notify(TOO_LATE, severity="warning")
            return None
        return agreed

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dangerous commands do not exist while the write window is closed, those about a row not without rows.

        An earlier moment stays as it is.
        """
        if action in self._of_rows and not self.has_rows:
            return False
        if (action in self._dangerous and not self.writable) or (action in self._asking and past_of(self.app)):
            return False
        return super().check_action(action, parameters)

    def ask(self) -> None:
        """Load now; where the console shows an earlier moment, show what was there then."""
        past = past_of(self.app)
        if past is None:
            super().ask()
            return
        self.give_up()
        try:
            self.arrived(past.rows(self.NAME))
            self._remark = " ".join(part for part in (past.told(self.NAME), self._remark) if part)
            self.say()
        except ConsoleError as error:
            self.failed(error)

    def arrived(self, data: Data) -> None:
        """Show it, or say that there is nothing."""
        self.error, self._nothing, self._remark = None, self.nothing(data), self.remark(data)
        self.show(data)
        self.state = State.EMPTY if self._nothing else State.DATA
        self.say()

    def failed(self, error: ConsoleError) -> None:
        """Keep what is on screen if it can still be right, and say why it is not newer."""
        self.error = error
        self.state = State.UNAVAILABLE if self.answered is None or hopeless(error) else State.STALE
        self.say()

    def say(self) -> None:
        """Bring the notice up to date."""
        self.query_one(Notice).say(self._sentence(), whole=not self._body.display)

    def take_focus(self) -> None:
        """Take the keyboard: the first widget of the body that wants it, or the pane itself."""
        inner = [widget for widget in self.query(".body *") if widget.focusable] if self.has_rows else []
        self.can_focus = not inner  # else tab would leave the list for a pane on which its keys mean nothing
        self.screen.set_focus(inner[0] if inner else self)  # at once: the next key is meant for it

    @property
    def _keyboard_is_seen(self) -> bool:
        """Whether what has the keyboard stays on screen: a filter that is being typed keeps it."""
        focused = self.screen.focused
        return focused is not None and (self._body.display or self._body not in focused.ancestors)

    @property
    def _is_typed_in(self) -> bool:
        """Whether somebody types into the body, a filter for example, and the next letter must not become a command."""
        focused = self.screen.focused if self.has_focus_within else None
        return isinstance(focused, Entry) and self._body in focused.ancestors

    @property
    def has_rows(self) -> bool:
        """Whether there is something to see; that there was nothing can be stale, too."""
        return self.state is State.DATA or (self.state is State.STALE and not self._nothing)

    def _sentence(self) -> str:
        now = monotonic()
        waiting = waiting_text(now - self.asked) if self.asked is not None else ""
        retry = None if self.due is None else self.due - now
        if waiting:
            return waiting
        if self.state is State.STALE and self.error and self.answered is not None:
            old = stale_text(self.error, now - self.answered, retry)
            return f"{self._nothing}\n\n{old}" if self._nothing else old
        if self.state is State.UNAVAILABLE and self.error:
            return self.error.sentence() if past_of(self.app) else unavailable_text(self.error, retry)
        said = {State.LOADING: "Loading ...", State.EMPTY: self._nothing, State.DATA: self._remark}
        return said.get(self.state, "")
