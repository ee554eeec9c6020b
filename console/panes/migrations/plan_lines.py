"""A plan as lines of a width: losses, what has to be known, statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from console.panes.migrations import losses, statements
from console.panes.migrations.plan_facts import Said, facts
from console.ui.columns import GUTTER, Tone
from console.ui.lines import Line, Piece
from console.ui.paragraphs import blank, text_line, wrapped
from console.ui.text import fit

if TYPE_CHECKING:
    from console.migrate.plan.reports import Plan, PlannedMigration
    from console.panes.migrations.models import InTheWay

LABEL = 14
"""Cells of a label."""


def plan_lines(plan: Plan, width: int, in_the_way: Sequence[InTheWay] = ()) -> list[Line]:
    """The whole plan, top to bottom, in the order in which a person has to know it."""
    lines = list(losses.table(plan, width))
    if plan.direction == "down" and plan.rows and not lines:
        lines.append(text_line("It destroys no rows and no values.", width, Tone.OK))
    lines.append(blank(width))
    for said in facts(plan, in_the_way):
        lines += said_lines(said, width)
    for row in plan.rows:
        lines += [blank(width), text_line(headline(row), width, Tone.MUTED), *statements.table(row, width)]
    return lines


def headline(row: PlannedMigration) -> str:
    """What stands above the statements of one migration."""
    how = "one transaction" if row.transaction else "each by itself"
    number = len(row.statements)
    return f"{row.file} · {number} statement{'s' if number != 1 else ''}, {how}"


def said_lines(said: Said, width: int) -> Iterator[Line]:
    """A label, and a text of as many lines as it needs beside it."""
    label = said.label
    for part in wrapped(said.text, width - GUTTER - LABEL):
        pieces = (
            Piece(" " * GUTTER + fit(label, LABEL), Tone.MUTED),
            Piece(fit(part, width - GUTTER - LABEL), said.tone),
        )
        yield Line("row", pieces)
        label = ""
