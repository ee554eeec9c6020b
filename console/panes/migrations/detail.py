"""One migration on a page: what is known of it, its history, its files; and deciding where it stopped half-way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from console.db.database import Database
from console.iso import to_second
from console.migrate.history import sentence
from console.migrate.reports import done_and_stay
from console.panes.migrations import service
from console.panes.migrations.course import Course
from console.panes.migrations.keys import DECIDE
from console.panes.migrations.models import Stuck, Verb
from console.panes.migrations.rows import state_text
from console.panes.migrations.run_view import RunScreen
from console.ui.commands import CommandTable, bindings
from console.ui.confirm import ConfirmScreen, Consent, Question
from console.ui.detail import Block, DetailScreen
from console.ui.facts import Fact
from console.ui.pane import Pane
from console.ui.text import duration

if TYPE_CHECKING:
    from console.migrate.journal_models import Happened
    from console.migrate.reports import MigrationStatus, Result
    from console.panes.migrations.service import Past


class MigrationScreen(DetailScreen):
    """A page about one migration."""

    COMMAND_TABLE: ClassVar[CommandTable] = DECIDE
    BINDINGS: ClassVar = bindings(DECIDE)

    def __init__(self, pane: Pane[Database, Any], row: MigrationStatus, past: Past, texts: Sequence[Block]) -> None:
        self._stuck = past.stuck
        known = [*facts(row), *(evidence(past.stuck) if past.stuck else ())]
        super().__init__(row.label, known, [*history_block(past), *texts])
        self._pane = pane
        self._row = row

    def on_mount(self) -> None:
        """What may be decided comes and goes with the write window."""
        self.watch(self._pane, "writable", self.refresh_bindings, init=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what may be decided about this one, and only in the write window."""
        if action != "decide":
            return super().check_action(action, parameters)
        return self._pane.writable and self._stuck is not None and parameters[0] in self._stuck.verbs

    def action_decide(self, verb: Verb) -> None:
        """Ask for a reason first; and where it destroys, for the name."""
        self.app.push_screen(ConfirmScreen(self._question(verb)), lambda consent: self._decide(verb, consent))

    def _decide(self, verb: Verb, consent: Consent | None) -> None:
        consent = self._pane.still(consent)
        if consent is None or self._stuck is None:
            return
        db, row = self._pane.database, self._row
        statement = None if verb == "undo" else self._stuck.begun
        job = service.resolve(db, row.version, verb, statement, consent.reason)
        course = Course([row.label] if verb == "undo" else [])
        self.app.push_screen(RunScreen(db, job, f"Deciding about {row.label}", course), self._ended)

    def _ended(self, result: Result | None) -> None:
        self.dismiss(None)  # what this page says is not so any more, nor what the list says
        self._pane.action_now()

    def _question(self, verb: Verb) -> Question:
        assert self._stuck is not None
        db = self._pane.database
        destroys = verb == "undo"
        word = db.target.dbname if service.guarded(db) else self._row.label
        return Question(
            title=f"{self._row.label} stopped half-way",
            facts=evidence(self._stuck),
            consequence=CONSEQUENCES[verb].format(number=self._stuck.begun),
            verb=VERBS[verb],
            typed=word if destroys else "",
            reason=True,
        )


VERBS = {"done": "count it as done", "repeat": "run it again", "undo": "take it back"}
"""What the button says."""

CONSEQUENCES = {
    "done": "From now on statement {number} counts as done, and is never run again.",
    "repeat": "Statement {number} runs once more with the next run, whether it has run or not.",
    "undo": "The statements that are done are taken back now, with what is in the tables they made.",
}
"""What follows from each verb."""


def evidence(stuck: Stuck) -> list[Fact]:
    """What is known of how it stopped."""
    way = "its up" if stuck.direction == "up" else "its way back"
    found = [("stopped", f"in {way}, {done_and_stay(stuck.done, f'{stuck.statements} statements')}")]
    if stuck.begun is None:
        return found
    return [
        *found,
        ("in doubt", f"statement {stuck.begun}, line {stuck.line}: nothing tells whether it has run"),
        ("it says", stuck.text),
    ]


FILES = {
    "applied": "as it was applied",
    "missing_file": "missing",
    "cosmetic": "differs from what was applied in comments and space only",
    "up": "its up differs from what was applied",
    "down": "its down differs from the one kept when it was applied",
}
"""How a file stands against what was applied, in a sentence."""


def facts(row: MigrationStatus) -> list[Fact]:
    """All that is known of a migration, in words."""
    error = row.last_error
    known = {
        "state": state_text(row).strip(),
        "file": FILES.get(row.drift or row.state) if row.batch is not None else None,
        "flavour": row.flavour,
        "batch": str(row.batch) if row.batch is not None else None,
        "applied": f"{to_second(row.applied_at)} UTC" if row.applied_at else None,
        "by": row.operator,
        "took": duration(row.duration) if row.duration is not None else None,
        "statements": str(row.statements) if row.statements else None,
        "last error": f"{error.get('sqlstate') or ''} {error.get('message') or ''}".strip() if error else None,
    }
    return [(label, value) for label, value in known.items() if value]


def history_block(past: Past) -> list[Block]:
    """What has been done to it, the newest first, or why that is not known; nothing where nothing has."""
    text = "\n".join(map(history_line, past.events)) or past.trouble
    return [Block("history", text)] if text else []


def history_line(event: Happened) -> str:
    """One event: when, what, by whom, why, and what went wrong."""
    said = event.detail.get("message") or event.detail.get("evidence") or ""
    parts = [to_second(event.at), sentence(event), f"by {event.who}", event.reason or "", str(said)]
    return "  ".join(part for part in parts if part)


def texts(row: MigrationStatus) -> list[Block]:
    """The files of a migration, as they would run."""
    found = service.migration_of(row)
    if found is None:
        return []
    scripts = [script for script in (found.up, found.down, found.verify) if script is not None]
    return [Block(script.file, script.text, "sql") for script in scripts]
