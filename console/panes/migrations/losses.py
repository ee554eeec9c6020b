"""What a rollback would destroy, as lines: what it is, how much of it, how new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from console.ui.columns import Column, Kind, Slot, Tone, arrange, whole_widths
from console.ui.drawing import heading, row_line
from console.ui.lines import Line
from console.ui.paragraphs import text_line, wrapped
from console.ui.text import age, bytes_text, count, sanitise

if TYPE_CHECKING:
    from console.migrate.plan.reports import Loss, Plan


class Lost(NamedTuple):
    """One loss, and how old its newest row is."""

    loss: Loss
    """What goes."""
    newest: float | None
    """Seconds since its newest row was made; None where nobody knows, or there is none."""
    what: str
    """What it is called, or as much of that as stands on its line."""


COUNTED = frozenset({"table", "column", "rows", "materialized view"})
"""Kinds of which rows or values can be counted."""


def amount(loss: Loss) -> str:
    """How much is lost; what is not known is never none.

    >>> from console.migrate.plan.reports import Loss
    >>> amount(Loss("patients", "table", 48211)), amount(Loss("tasks.patient_uuid", "column", 412_900))
    ('48,211', '412,900 values')
    >>> amount(Loss("audit_logs", "table", 100_000, exact=False)), amount(Loss("patients", "table"))
    ('at least 100,000', 'unknown')
    >>> amount(Loss("tasks_with_patients", "view")), amount(Loss("tasks", "rows", 7, exact=False, note="UPDATE ..."))
    ('-', 'some of 7')
    """
    if loss.rows is None:
        return "unknown" if loss.kind in COUNTED else "-"
    if loss.kind == "rows" and not loss.exact:  # the statement takes or changes some of them, only the run tells which
        return f"some of {count(loss.rows)}"
    if not loss.exact:
        return f"at least {count(loss.rows)}"
    return f"{count(loss.rows)} values" if loss.kind == "column" else count(loss.rows)


def _what(loss: Loss) -> str:
    sign = "✖ " if loss.retention_conflict else ""
    return sanitise(f"{sign}{loss.kind.replace('materialized', 'mat.')} {loss.object}")


def _marks(lost: Lost) -> str:
    return "PHI" if lost.loss.phi else ""


def _tone(lost: Lost) -> Tone:
    if lost.loss.retention_conflict:
        return Tone.ERROR
    nothing = lost.loss.rows == 0 and lost.loss.exact
    return Tone.PLAIN if nothing or lost.loss.kind not in COUNTED else Tone.WARNING


COLUMNS: tuple[Column[Lost], ...] = (
    Column(id="what", title="would destroy", value=lambda x: x.what, width=18, grows=True, tone=_tone),
    Column(id="marks", title="", value=_marks, width=3, tone=_tone),
    Column(id="rows", title="rows", value=lambda x: amount(x.loss), width=16, kind=Kind.NUMBER, text=str, tone=_tone),
    Column(id="bytes", title="bytes", value=lambda x: x.loss.bytes, text=bytes_text, width=8, kind=Kind.BYTES),
    Column(
        id="newest",
        title="newest",
        value=lambda x: x.newest,
        text=lambda s: f"{age(s)} ago",
        width=8,
        kind=Kind.SECONDS,
    ),
    Column(
        id="born",
        title="since applied",
        value=lambda x: x.loss.born_since_applied,
        width=13,
        kind=Kind.NUMBER,
        priority=2,
    ),
)
"""What is shown of a loss; without room the highest priorities go first."""


def losses(plan: Plan) -> list[Lost]:
    """What a plan destroys, in the order of running; what it opens is told elsewhere."""
    return [
        Lost(loss, None if loss.newest is None else (plan.as_of - loss.newest).total_seconds(), _what(loss))
        for row in plan.rows
        for loss in row.loss
        if not loss.opens_access
    ]


def table(plan: Plan, width: int) -> Iterator[Line]:
    """The losses of a rollback under their headings; names get the room first, and go on in the next line."""
    found: Sequence[Lost] = losses(plan)
    if not found:
        return
    slots = _slots(found, width)
    yield heading(slots, width, sorted_by=None, reverse=False)
    for lost in found:
        first, *others = wrapped(lost.what, slots[0].width)
        yield row_line(slots, lost._replace(what=first), width, look="row", marked=False)
        for other in others:
            yield text_line(f"  {other}", width, _tone(lost))


def _slots(found: Sequence[Lost], width: int) -> tuple[Slot[Lost], ...]:
    """The columns, each as narrow as these losses allow, so that names get the rest."""
    needed = whole_widths(COLUMNS, found)
    return arrange([replace(column, width=min(column.width, needed[column.id])) for column in COLUMNS], width)
