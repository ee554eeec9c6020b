"""One migration as a line of the table: its state in words, signs and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.iso import to_minute
from console.ui.columns import Column, Kind, Tone
from console.ui.text import duration

if TYPE_CHECKING:  # the engine is read when the pane is first shown, not when the console starts
    from console.migrate.reports import MigrationStatus, State

TONES: dict[State, Tone] = {
    "pending": Tone.INFO,
    "applying": Tone.WARNING,
    "orphaned": Tone.ERROR,
    "applied": Tone.OK,
    "applied_unverified": Tone.WARNING,
    "failed_clean": Tone.ERROR,
    "failed_partial": Tone.ERROR,
    "in_doubt": Tone.ERROR,
    "rolling_back": Tone.WARNING,
    "rollback_failed_clean": Tone.ERROR,
    "rollback_failed_partial": Tone.ERROR,
    "missing_file": Tone.WARNING,
    "out_of_order": Tone.WARNING,
    "unknown": Tone.WARNING,
}
"""What the colour of a state says."""

SIGNS = {Tone.OK: "●", Tone.INFO: " ", Tone.WARNING: "▲", Tone.ERROR: "✖"}
"""What says the same without colour."""

DRIFTS = {"cosmetic": "● comments changed", "up": "✖ up changed", "down": "▲ down changed"}
"""How the file of an applied migration differs from what was applied, in words."""


def state_text(row: MigrationStatus) -> str:
    """Sign and word of a state; of an applied one whose file has changed since, that it has."""
    if row.state == "applied" and row.drift is not None:
        return DRIFTS[row.drift]
    beside = [word for word, holds in (("adopted", row.adopted), ("manual", row.manual)) if holds]
    extra = f" ({', '.join(beside)})" if beside else ""
    return f"{SIGNS[TONES[row.state]]} {row.state.replace('_', ' ')}{extra}"


def tone(row: MigrationStatus) -> Tone:
    """The colour that goes with it."""
    return {"up": Tone.ERROR, "down": Tone.WARNING}.get(row.drift or "", TONES[row.state])


COLUMNS: tuple[Column[MigrationStatus], ...] = (
    Column(id="version", title="no.", value=lambda m: m.version, width=4),
    Column(id="name", title="migration", value=lambda m: m.name, width=22, grows=True),
    Column(id="state", title="state", value=lambda m: m.state, drawn=state_text, width=18, tone=tone, grows=True),
    Column(id="batch", title="batch", value=lambda m: m.batch, width=5, kind=Kind.NUMBER, text=str),
    Column(
        id="applied",
        title="applied (UTC)",
        value=lambda m: m.applied_at,
        text=to_minute,
        width=16,
        priority=2,
    ),
    Column(id="by", title="by", value=lambda m: m.operator, width=12, priority=3),
    Column(id="took", title="took", value=lambda m: m.duration, text=duration, width=7, kind=Kind.SECONDS, priority=4),
    Column(id="flavour", title="flavour", value=lambda m: m.flavour, width=9, priority=5),
)
"""What is shown of a migration; without room the highest priorities go first."""
