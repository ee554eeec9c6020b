"""What a person has to type below a plan before it is run; or one line that says why there is nothing to type."""

from dataclasses import dataclass
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalGroup
from textual.message import Message
from textual.widgets import Input, Static

from console.reasons import reason_trouble
from console.ui.confirm import Answer, name_trouble
from console.ui.text import sanitise


@dataclass(frozen=True, slots=True)
class Demand:
    """What has to be typed."""

    word: str
    """A name, letter by letter; its line starts empty."""
    purpose: str
    """What typing it does, such as `to roll it back`."""
    reason: str
    """The reason that is proposed; it may be changed."""
    folder: str | None = None
    """The folder for the backup that is proposed; None where none is made."""


class Agreement(VerticalGroup):
    """Lines to type into. Enter on a line that lacks something says what, and does nothing else."""

    DEFAULT_CSS = """
    Agreement {
        padding: 0 1;
        background: $surface;
        & .line { height: 1; }
        & .label { width: auto; max-width: 75%; margin-right: 1; color: $text-muted; }
        & .said { height: auto; max-height: 3; color: $text-warning; }
        & .trouble { height: 1; color: $text-error; }
        & Answer { background: $boost; }
    }
    """

    class Given(Message):
        """Everything was typed as it has to be."""

        def __init__(self, reason: str, folder: Path | None) -> None:
            super().__init__()
            self.reason = reason
            """Why."""
            self.folder = folder
            """Where a backup has to be made before; None rolls back without one."""

    def __init__(self) -> None:
        super().__init__()
        self._demand: Demand | None = None
        self._said = Static(classes="said", markup=False)
        self._trouble = Static(classes="trouble", markup=False)
        self._labels = {name: Static(classes="label", markup=False) for name in ("reason", "folder", "typed")}
        self._answers = {name: Answer(id=name) for name in self._labels}

    def compose(self) -> ComposeResult:
        """One line each; those that are not wanted are hidden."""
        yield self._said
        for name, answer in self._answers.items():
            yield Horizontal(self._labels[name], answer, classes="line", id=f"{name}-line")
        yield self._trouble

    def on_mount(self) -> None:
        """Nothing to type yet."""
        self.say("")

    def say(self, text: str) -> None:
        """Why there is nothing to type; nothing at all if there is nothing to say."""
        self._demand = None
        self._said.update(sanitise(text))
        self._show(wanted=frozenset())

    def ask(self, demand: Demand) -> None:
        """What has to be typed. What was typed before was meant for another plan, but for the reason."""
        self._demand = demand
        self._labels["reason"].update("Why, for the record:")
        self._labels["folder"].update("Backup first, into the folder:")
        self._labels["typed"].update(f"Type {sanitise(demand.word)} {demand.purpose}:")
        self._answers["typed"].value = ""
        self._answers["reason"].value = self._answers["reason"].value or demand.reason
        self._answers["folder"].value = self._answers["folder"].value or demand.folder or ""
        self._show(wanted={"reason", "typed"} | ({"folder"} if demand.folder is not None else set()))

    def go_on(self) -> None:
        """Put the keyboard on the first line that lacks something."""
        missing = self._missing()
        self.screen.set_focus(self._answers[missing or "typed"])

    @property
    def typing(self) -> bool:
        """Whether the keyboard is on one of the lines."""
        return any(answer.has_focus for answer in self._answers.values())

    @on(Input.Changed)
    def _forget(self, event: Input.Changed) -> None:
        event.stop()
        self._trouble.update("")

    @on(Input.Submitted)
    def _weigh(self, event: Input.Submitted) -> None:
        event.stop()
        name = event.input.id or ""
        trouble, missing = self._wrong(name), self._missing()
        self._trouble.update(f"✖ {trouble}" if trouble else "")
        if trouble:
            return
        if name != "typed" or missing is not None:
            self.go_on()
        elif self._demand is not None:
            folder = self._answers["folder"].value.strip() if self._demand.folder is not None else ""
            self.post_message(self.Given(self._answers["reason"].value.strip(), _path(folder)))

    def _missing(self) -> str | None:
        return next((name for name in self._answers if self._wrong(name)), None)

    def _wrong(self, name: str) -> str:
        """What a line lacks; empty if nothing."""
        if self._demand is None:
            return ""
        value = self._answers[name].value
        if name == "typed":
            return name_trouble(value, self._demand.word)
        if name == "reason":
            return reason_trouble(value)
        return "A folder is needed." if self._demand.folder is not None and not value.strip() else ""

    def _show(self, wanted: set[str] | frozenset[str]) -> None:
        self._said.display = not wanted
        self._trouble.display = bool(wanted)
        self._trouble.update("")
        for name in self._answers:
            self.query_one(f"#{name}-line").display = name in wanted


def _path(folder: str) -> Path | None:
    return Path(folder).expanduser() if folder else None
