"""Asking before something is done: what, to whom, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalGroup, VerticalScroll
from textual.message import Message
from textual.widgets import Button, Input, Static

from console.errors import UsageError
from console.reasons import LEAST_REASON, reason_trouble
from console.ui.columns import Kind
from console.ui.commands import ANSWERING, ASKING, DECIDING, CommandTable, bindings
from console.ui.entry import Entry
from console.ui.facts import Fact, Facts
from console.ui.footer import Footer
from console.ui.quantities import quantity
from console.ui.screens import Dialog
from console.ui.text import age, sanitise
from console.ui.toosmall import TooSmall


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person is asked to agree to."""

    title: str
    """What will be done, and to what."""
    facts: Sequence[Fact] = ()
    """What is known of the target."""
    consequence: str
    """What follows, in one sentence."""
    verb: str
    """The word on the button that does it."""
    typed: str = ""
    """A name that must be typed exactly; empty if none."""
    reason: bool = False
    """Whether a reason must be given."""
    longest: float = 0
    """Seconds that it may last at most, where it must be said for how long; 0 where it has no end."""


@dataclass(frozen=True, slots=True)
class Consent:
    """A yes."""

    reason: str
    """The reason given; empty if none was asked for."""
    seconds: float = 0
    """For how long; 0 if that was not asked."""


class Answer(Entry):
    """A reason or a name, as it is typed."""

    COMMAND_TABLE: ClassVar[CommandTable] = ANSWERING
    BINDINGS: ClassVar = bindings(ANSWERING)


class Choice(Button):
    """No or yes."""

    COMMAND_TABLE: ClassVar[CommandTable] = DECIDING
    BINDINGS: ClassVar = bindings(DECIDING)


class ConfirmScreen(Dialog[Consent | None]):
    """Answers with a Consent, or with None for no. The answer is no unless a person does more than press enter."""

    AUTO_FOCUS = "Entry, #no"
    COMMAND_TABLE: ClassVar[CommandTable] = ASKING
    BINDINGS: ClassVar = bindings(ASKING)
    DEFAULT_CSS = """
    ConfirmScreen {
        align: center middle;
        & > .box { width: 80; max-width: 100%; max-height: 100%; padding: 1 2; background: $panel; }
        & > .box Static { height: auto; }
        & .title { text-style: bold; margin-bottom: 1; }
        & .facts { height: auto; max-height: 11; margin-bottom: 1; }
        & .consequence { color: $text-warning; margin-bottom: 1; }
        & .label { color: $text-muted; }
        & Entry { margin-bottom: 1; }
        & Button { margin-right: 2; min-width: 8; }
        & .buttons { height: 1; }
        & .trouble { width: 1fr; color: $text-error; }
        &:nocolor > .box { border: solid $foreground; }
        &:ansi > .box { border: solid $foreground; }
    }
    """

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question
        """What is asked."""
        self._asked = monotonic()

    def compose(self) -> ComposeResult:
        """The box: what, to whom, what follows, what must be typed, no and yes."""
        question = self.question
        with VerticalGroup(classes="box"):
            yield Static(sanitise(question.title), classes="title", markup=False)
            if question.facts:
                with VerticalScroll(classes="facts", can_focus=False):
                    yield Facts(question.facts)
            yield Static(sanitise(question.consequence, lines=True), classes="consequence", markup=False)
            if question.reason:
                yield Static(f"Reason, at least {LEAST_REASON} characters:", classes="label", markup=False)
                yield Answer(id="reason")
            if question.longest:
                longest = f"For how long, such as 30m, 8h or 3d; at most {age(question.longest)}:"
                yield Static(longest, classes="label", markup=False)
                yield Answer(id="span")
            if question.typed:
                name = sanitise(question.typed)
                yield Static(f"Type {name} to {question.verb}:", classes="label", markup=False)
                yield Answer(id="typed")
            with Horizontal(classes="buttons"):
                yield Choice("No", id="no", compact=True)
                verb = question.verb.capitalize()
                typing = question.reason or bool(question.typed or question.longest)
                yield Choice(verb, id="yes", compact=True, variant="error", disabled=typing)
                yield Static(classes="trouble", markup=False)
        yield Footer()
        yield TooSmall()

    def hears(self, event: object) -> bool:
        """Where nothing has to be typed, what came before anybody could see whom it is about is no yes."""
        blind = isinstance(event, Message) and event.time < self._asked and not self.query(Entry)
        return super().hears(event) and not blind

    @property
    def agreed(self) -> bool:
        """Whether everything that must be typed has been."""
        return self._unfinished() is None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A letter says yes only where nothing has to be typed."""
        return not self.query(Entry) if action == "agree" else super().check_action(action, parameters)

    @on(Input.Changed)
    def _weigh(self) -> None:
        self.query_one("#yes", Button).disabled = not self.agreed
        self.query_one(".trouble", Static).update("")

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        """Enter on a name typed in full does it; on a reason it goes on to the name, or to the button."""
        unfinished = self._unfinished()
        self.query_one(".trouble", Static).update(self._trouble(event.input))
        if self._trouble(event.input):
            return
        if unfinished is not None:
            unfinished.focus()
        elif event.input.id == "typed":
            self.action_agree()
        else:
            self.query_one("#yes", Button).focus()

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        if event.button.id == "yes":
            self.action_agree()
        else:
            self.action_refuse()

    def action_agree(self) -> None:
        """Yes."""
        if self.agreed:
            span = self._typed("span")
            self._close(Consent(self._typed("reason").strip(), quantity(span, Kind.SECONDS) if span else 0))

    def action_refuse(self) -> None:
        """No."""
        self._close(None)

    def _unfinished(self) -> Input | None:
        return next((entry for entry in self.query(Answer) if self._trouble(entry)), None)

    def _typed(self, name: str) -> str:
        return "".join(entry.value for entry in self.query(f"#{name}").results(Entry))

    def _trouble(self, entry: Input) -> str:
        if entry.id == "typed":
            return name_trouble(entry.value, self.question.typed)
        return span_trouble(entry.value, self.question.longest) if entry.id == "span" else reason_trouble(entry.value)

    def _close(self, answer: Consent | None) -> None:
        if self.is_current:  # a second key may be on its way already
            self.dismiss(answer)


def span_trouble(typed: str, longest: float) -> str:
    """What is wrong with a time span; empty if nothing.

    >>> span_trouble("", 3_600), span_trouble("soon", 3_600), span_trouble("8h", 3_600), span_trouble("0", 9)
    ('A time span is needed.', 'This is no time span.', 'At most 1 h.', 'A time span is needed.')
    >>> span_trouble("45m", 3_600)
    ''
    """
    try:
        seconds = quantity(typed, Kind.SECONDS) if typed.strip() else 0
    except UsageError:
        return "This is no time span."
    if not seconds:
        return "A time span is needed."
    return f"At most {age(longest)}." if seconds > longest else ""


def name_trouble(typed: str, name: str) -> str:
    """What is wrong with a name that must be typed; empty if nothing.

    >>> name_trouble("", "emr"), name_trouble("EMR", "emr"), name_trouble("emr", "emr")
    ('The name is needed.', 'This is not the name, letter by letter.', '')
    """
    if typed == name:
        return ""
    return "This is not the name, letter by letter." if typed else "The name is needed."
