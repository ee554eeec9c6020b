"""Asking before something is done: what, to whom, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalGroup, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from console.ui.commands import ASKING, CommandTable, bindings
from console.ui.entry import Entry
from console.ui.text import fit, sanitise

Fact = tuple[str, str]
"""A label and what it stands for."""

LEAST_REASON = 8
"""Characters that a reason must have."""


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


@dataclass(frozen=True, slots=True)
class Consent:
    """A yes."""

    reason: str
    """The reason given; empty if none was asked for."""


class ConfirmScreen(ModalScreen[Consent | None]):
    """Answers with a Consent, or with None for no. The answer is no unless a person does more than press enter."""

    AUTO_FOCUS = "Entry, #no"
    COMMAND_TABLE: ClassVar[CommandTable] = ASKING
    BINDINGS: ClassVar = bindings(ASKING)
    DEFAULT_CSS = """
    ConfirmScreen {
        align: center middle;
        & > .box { width: 80; max-width: 100%; max-height: 100%; padding: 1 2; background: $panel; }
        & Static { height: auto; }
        & .title { text-style: bold; margin-bottom: 1; }
        & .facts { height: auto; max-height: 12; margin-bottom: 1; }
        & .consequence { color: $text-warning; margin-bottom: 1; }
        & .label { color: $text-muted; }
        & Entry { margin-bottom: 1; }
        & Button { margin-right: 2; min-width: 8; }
        & .buttons { height: 1; }
        &:nocolor > .box { border: solid $foreground; }
        &:ansi > .box { border: solid $foreground; }
    }
    """

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question
        """What is asked."""

    def compose(self) -> ComposeResult:
        """The box: what, to whom, what follows, what must be typed, no and yes."""
        question = self.question
        with VerticalGroup(classes="box"):
            yield Static(sanitise(question.title), classes="title", markup=False)
            if question.facts:
                with VerticalScroll(classes="facts", can_focus=False):
                    yield Static(facts_text(question.facts), markup=False)
            yield Static(sanitise(question.consequence, lines=True), classes="consequence", markup=False)
            if question.reason:
                yield Static(f"Reason, at least {LEAST_REASON} characters:", classes="label", markup=False)
                yield Entry(id="reason")
            if question.typed:
                name = sanitise(question.typed)
                yield Static(f"Type {name} to {question.verb}:", classes="label", markup=False)
                yield Entry(id="typed")
            with Horizontal(classes="buttons"):
                yield Button("No", id="no", compact=True)
                yield Button(
                    question.verb.capitalize(), id="yes", compact=True, variant="error", disabled=not self.agreed
                )

    @property
    def agreed(self) -> bool:
        """Whether everything that must be typed has been."""
        entries = {entry.id: entry.value for entry in self.query(Entry)}
        typed = not self.question.typed or entries.get("typed") == self.question.typed
        return typed and (not self.question.reason or len(entries.get("reason", "").strip()) >= LEAST_REASON)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A letter says yes only where nothing has to be typed."""
        return not self.query(Entry) if action == "agree" else super().check_action(action, parameters)

    @on(Input.Changed)
    def _weigh(self) -> None:
        self.query_one("#yes", Button).disabled = not self.agreed

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        """Enter on a name typed in full does it; on a reason it goes on to what is still missing, or to the button."""
        if event.input.id == "typed" and self.agreed:
            self.action_agree()
        elif self.agreed:
            self.query_one("#yes", Button).focus()
        else:
            self.focus_next(Entry)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        if event.button.id == "yes":
            self.action_agree()
        else:
            self.action_refuse()

    def action_agree(self) -> None:
        """Yes."""
        if self.agreed:
            reason = self.query("#reason").results(Entry)
            self._close(Consent("".join(entry.value.strip() for entry in reason)))

    def action_refuse(self) -> None:
        """No."""
        self._close(None)

    def _close(self, answer: Consent | None) -> None:
        if self.is_current:  # a second key may be on its way already
            self.dismiss(answer)


def facts_text(facts: Sequence[Fact]) -> str:
    """Labels and values in two columns; a value of several lines stays in its own.

    >>> print(facts_text([("pid", "4711"), ("user", "emr_app"), ("query", "select 1,\\n 2")]))
    pid    4711
    user   emr_app
    query  select 1,
            2
    """
    width = max((cell_len(label) for label, _ in facts), default=0) + 2
    lines = []
    for label, value in facts:
        first, *others = sanitise(value, lines=True).split("\n")
        lines.append(fit(label, width) + first)
        lines += [" " * width + other for other in others]
    return "\n".join(lines)
