"""What is shown of a day."""

from console.iso import to_minute, to_weekday
from console.panes.audit.seals.sealed import SealedDay, Sealing, State
from console.services.audit.sealing.proofs import told
from console.ui.columns import Column, Kind, Tone

SIGNS: dict[State, str] = {
    "broken": "✖ broken", "late": "▲ late rows", "proven": "● proven", "sealed": "● sealed", "retired": "  retired",
    "due": "▲ not sealed", "open": "  too early",
}  # fmt: skip
"""How a day stands, in a sign and a word."""

TONES = {"✖": Tone.ERROR, "▲": Tone.WARNING, "●": Tone.OK}


def tone(day: SealedDay) -> Tone:
    """The colour that goes with it."""
    return TONES.get(SIGNS[day.state][0], Tone.MUTED)


def explained(day: SealedDay) -> str:
    """What has to be said of a day."""
    if day.said:
        return day.said
    return {"due": "L seals it", "open": "sealed after 48 hours"}.get(day.state, "")


COLUMNS: tuple[Column[SealedDay], ...] = (
    Column(id="day", title="day (UTC)", value=lambda d: d.day, text=to_weekday, width=14),
    Column(id="state", title="state", value=lambda d: d.state, drawn=lambda d: SIGNS[d.state], width=12, tone=tone),
    Column(id="rows", title="rows", value=lambda d: d.rows, width=9, kind=Kind.NUMBER),
    Column(id="sealed", title="sealed (UTC)", value=lambda d: d.sealed_at, text=to_minute,
           width=16, priority=2),
    Column(id="signer", title="signed by", value=lambda d: d.signer, drawn=lambda d: d.signer or "", width=9,
           priority=4),
    Column(id="wrong", title="what is wrong", value=explained, width=21, grows=True, tone=tone),
)  # fmt: skip
"""What is wrong stands in full on the page of a day."""


def summed(seals: Sealing) -> str:
    """All days in a line.

    >>> from datetime import UTC, date, datetime
    >>> day = datetime(2026, 3, 14, tzinfo=UTC)
    >>> summed(Sealing(day, [SealedDay(date(2026, 3, 9), "sealed"), SealedDay(date(2026, 3, 10), "due")]))
    '1 day sealed, 1 not sealed'
    """
    parts = [_days(seals.count("broken"), "broken"), _days(seals.count("late"), "with late rows")]
    parts += [_days(seals.count("sealed", "proven", "retired"), "sealed"), _not_sealed(seals.count("due"))]
    return ", ".join(part for part in parts if part)


def proved(seals: Sealing) -> str:
    """When all of them were hashed again; nothing where there is none.

    >>> from datetime import UTC, date, datetime
    >>> day = datetime(2026, 3, 14, tzinfo=UTC)
    >>> proved(Sealing(day, [SealedDay(date(2026, 3, 9), "sealed")])), proved(Sealing(day, []))
    ('never hashed again; V hashes all of them', '')
    """
    if not seals.days:
        return ""
    if seals.verified is not None:
        return f"all hashed again at {seals.verified:%H:%M:%S} UTC"
    return told(seals.proof) if seals.proof else "never hashed again; V hashes all of them"


def _days(count: int, what: str) -> str:
    return f"{count:,} day{'' if count == 1 else 's'} {what}" if count else ""


def _not_sealed(count: int) -> str:
    return f"{count:,} not sealed" if count else ""
