"""The statements of a plan, as lines: what each is, what it locks and for how long, what lint says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from console.ui.columns import Column, Kind, Tone, arrange, needed_widths
from console.ui.drawing import folded_row, heading
from console.ui.lines import Line

if TYPE_CHECKING:
    from console.migrate.lint.models import Finding
    from console.migrate.plan.reports import Planned, PlannedMigration


class Step(NamedTuple):
    """One statement, and what the rules say of its line."""

    statement: Planned
    """What runs."""
    findings: list[Finding]
    """What lint has found there."""


def _what(step: Step) -> str:
    return step.statement.what


def _locks(step: Step) -> str:
    return locks_text(step.statement)


def locks_text(statement: Planned) -> str:
    """What a statement locks: each mode once, with its tables.

    >>> from console.migrate.plan.reports import Planned, TableLock
    >>> locks = [TableLock("tasks", "SHARE"), TableLock("users", "SHARE")]
    >>> locks_text(Planned(1, 1, "LOCK", [], locks, False, "", None, None, ""))
    'SHARE tasks, users'
    """
    tables: dict[str, list[str]] = {}
    for lock in statement.locks:
        tables.setdefault(lock.mode, []).append(lock.table)
    return "; ".join(f"{mode} {', '.join(dict.fromkeys(named))}" for mode, named in tables.items())


def _rules(step: Step) -> str:
    return " ".join(finding.rule for finding in step.findings)


def _tone(step: Step) -> Tone:
    if any(finding.refuses for finding in step.findings):
        return Tone.ERROR
    return Tone.WARNING if step.findings else Tone.PLAIN


def _work(step: Step) -> str:
    return "unknown" if step.statement.rewrite is None else "rewrites rows" if step.statement.rewrite else ""


def _why(step: Step) -> str:
    return step.statement.opaque or step.statement.why


COLUMNS: tuple[Column[Step], ...] = (
    Column(id="line", title="line", value=lambda s: s.statement.line, width=5, kind=Kind.NUMBER, text=str),
    Column(id="statement", title="statement", value=_what, width=22, grows=True, fitted=True),
    Column(id="locks", title="locks", value=_locks, width=20, grows=True),
    Column(
        id="held",
        title="held",
        value=lambda s: s.statement.held,
        text=lambda s: f"{s:,.1f} s",
        width=8,
        kind=Kind.SECONDS,
    ),
    Column(id="lint", title="lint", value=_rules, width=6, priority=2, tone=_tone),
    Column(id="work", title="rows", value=_work, width=13, priority=3, fitted=True),
    Column(id="why", title="because", value=_why, width=16, grows=True, priority=4, fitted=True),
)
"""What is shown of a statement; without room the highest priorities go first."""


def table(row: PlannedMigration, width: int) -> Iterator[Line]:
    """The statements of one migration under their headings, whole: nothing here opens."""
    steps = [Step(each, [found for found in row.lint if found.line == each.line]) for each in row.statements]
    slots = arrange(COLUMNS, width, needs=needed_widths(COLUMNS, steps))
    yield heading(slots, width, sorted_by=None, reverse=False)
    for step in steps:
        yield from folded_row(slots, step, width)
