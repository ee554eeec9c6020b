"""Exporting the search on screen: what is asked before, and a screen that says how far it is and stops it."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from time import monotonic
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from console.errors import ConsoleError, Defect, UsageError
from console.iso import to_second
from console.panes.audit.keys import EXPORTING
from console.services.audit.export import naming
from console.services.audit.export.file import Places
from console.services.audit.export.models import Hear, Progress, Written
from console.ui.commands import CommandTable, bindings
from console.ui.confirm import Question
from console.ui.footer import Footer
from console.ui.screens import Dialog
from console.ui.text import age, bytes_text, count, sanitise
from console.ui.toosmall import TooSmall
from console.units import number_of

Export = Callable[[Hear], Awaitable[Written]]
"""Writes the file; cancelled, it leaves a part that is marked as one."""

FILE = "A new file: .csv, .jsonl, .fhir (FHIR AuditEvents, one a line) or .html for print; .masked joins its name"
"""What is asked for."""


def file_trouble(file: str) -> str:
    """What is wrong with the name of a file, or that it is taken; empty if nothing."""
    if wrong := naming.trouble(file):
        return wrong
    try:
        Places.named(naming.path_of(file), masked=True).check()
    except UsageError as error:
        return error.message
    return ""


def free_name(day: date) -> str:
    """A name that nothing has yet; with a number from the second one on."""
    usual = f"~/audit-{day}.csv"
    names = (usual, *(f"~/audit-{day}-{number}.csv" for number in range(2, 100)))
    return next((name for name in names if not file_trouble(name)), usual)


def question(shown: str, span: str, file: Path, place: str) -> Question:
    """What a person is asked before it begins; `file` as it is going to be called."""
    return Question(
        title="Export this search",
        facts=[("search", shown or "everything"), ("from", span), ("on", place), ("file", str(file))],
        consequence="It is written into the audit log first. Patients stay masked; audit export --unmasked names them.",
        verb="export",
        reason=True,
    )


class ExportScreen(Dialog[None]):
    """How far an export is; it is stopped here, or looked at after its end."""

    COMMAND_TABLE: ClassVar[CommandTable] = EXPORTING
    BINDINGS: ClassVar = bindings(EXPORTING)
    DEFAULT_CSS = """
    ExportScreen {
        align: center middle;
        & > .box { width: 80; max-width: 100%; height: auto; max-height: 100%; padding: 1 2; background: $panel; }
        &:nocolor > .box { border: solid $foreground; }
        &:ansi > .box { border: solid $foreground; }
    }
    """

    def __init__(self, export: Export) -> None:
        super().__init__()
        self._export = export
        self._began = monotonic()
        self._box = Static("Exporting: it is being written down.", classes="box", markup=False)
        self.ended = False
        """Whether it is over."""

    def compose(self) -> ComposeResult:
        """How far it is, the keys."""
        yield self._box
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        """Begin."""
        self._work()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """It is stopped before its end, and left after it."""
        if action == "stop":
            return not self.ended
        return self.ended if action == "close" else super().check_action(action, parameters)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Stopped, or a mistake of ours."""
        if event.state is WorkerState.CANCELLED:
            self._end("Stopped. What was written is marked as incomplete: .partial, and a manifest that says so.")
        elif event.state is WorkerState.ERROR and event.worker.error:
            self._end(Defect.of(event.worker.error).sentence())

    def action_stop(self) -> None:
        """Stop it, also on the server."""
        self.workers.cancel_group(self, "export")

    def action_close(self) -> None:
        """Back."""
        if self.is_current:
            self.dismiss(None)

    @work(exclusive=True, group="export", exit_on_error=False)
    async def _work(self) -> None:
        try:
            written = await self._export(self._hear)
        except ConsoleError as error:
            self._end(f"✖ {error.sentence()}")
            return
        self._end(told(written))

    def _hear(self, progress: Progress) -> None:
        self._box.update(sanitise(standing(progress, monotonic() - self._began), lines=True))

    def _end(self, said: str) -> None:
        self.ended = True
        self._box.update(sanitise(said, lines=True))
        self.refresh_bindings()


def standing(progress: Progress, seconds: float) -> str:
    """How far it is.

    >>> from datetime import datetime
    >>> print(standing(Progress(250_000, datetime(2026, 3, 5), 0.4), 10.0))
    Exporting: 250,000 rows, 25,000 a second, for 10 s
    everything through 2026-03-05 00:00:00, 40 % of the span
    """
    rate = progress.rows / max(seconds, 0.001)
    rows = f"Exporting: {number_of(progress.rows, 'row')}, {count(round(rate))} a second, for {age(seconds)}"
    return f"{rows}\neverything through {to_second(progress.through)}, {progress.share:.0%} of the span".replace(
        "%", " %"
    )


def told(written: Written) -> str:
    """What came of it."""
    signed = "its manifest is signed" if written.signed else "not signed: no audit.signing_key is configured"
    lines = [
        f"● {number_of(written.rows, 'row')}, {bytes_text(written.bytes)}, {signed}",
        str(written.path),
        f"SHA-256 {written.sha256}",
        written.remark,
    ]
    return "\n".join(line for line in lines if line)
