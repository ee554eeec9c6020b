"""What is shown of a finding."""

from collections.abc import Callable
from datetime import datetime

from console.iso import to_second
from console.panes.audit.review.docket import Docket
from console.services.audit.review.models import Finding
from console.ui.columns import Column, Kind, Tone

SIGNS = {"high": "✖ high", "warn": "▲ warn", "info": "· info"}
"""How soon somebody should look."""

TONES = {"high": Tone.ERROR, "warn": Tone.WARNING, "info": Tone.INFO}


def columns(as_of: Callable[[], datetime]) -> tuple[Column[Finding], ...]:
    """The columns; ages are as of this moment."""
    return (
        Column(id="level", title="level", value=lambda f: f.level, drawn=lambda f: SIGNS[f.level], width=6,
               tone=lambda f: TONES[f.level]),
        Column(id="rule", title="rule", value=lambda f: f.rule, width=20),
        Column(id="user", title="user", value=user, width=20, grows=True),
        Column(id="patient", title="patient", value=lambda f: f.patient, width=8),
        Column(id="age", title="age", value=lambda f: (as_of() - f.first_at).total_seconds(), width=4,
               kind=Kind.SECONDS),
        Column(id="events", title="events", value=lambda f: f.events, width=6, kind=Kind.NUMBER, priority=2),
        Column(id="decided", title="decided", value=_decided, width=13),
        Column(id="evidence", title="evidence", value=lambda f: f.evidence, width=44, priority=4),
        Column(id="first", title="first (UTC)", value=lambda f: f.first_at, text=to_second,
               width=19, priority=3),
    )  # fmt: skip


def user(finding: Finding) -> str:
    """Whom it is about; the beginning of the id where nobody has it."""
    return finding.user or (f"?{str(finding.user_id)[:8]}" if finding.user_id else "many")


def _decided(finding: Finding) -> str | None:
    word = finding.decided.disposition if finding.decided else None
    return "needs info" if word == "needs-information" else word


def counted(docket: Docket) -> str:
    """How many findings there are, and how many are open."""
    if docket.review is None:
        return "not reviewed yet"
    return f"{len(docket.review.queue):,} of {len(docket.review.findings):,} open"
