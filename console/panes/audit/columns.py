"""What is shown of an event, of a frequent value, of a gap, and of a question."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from console.iso import to_weekday
from console.services.audit.gaps import Gap
from console.services.audit.models import Event
from console.services.audit.overview import Facet
from console.services.audit.questions import Question
from console.ui.columns import Column, Kind, Tone

REFUSALS = ("LOGIN_FAILED", "ACCESS_DENIED", "EMR_VERIFY_FAILED")
"""Actions that did not succeed."""

GRAVE = ("BREAK_GLASS", "EXPORT", "REVEAL", "CONFIG_CHANGE")
"""Actions that an auditor looks at first."""


def who(event: Event) -> str:
    """A user's name; the beginning of his id where nobody has it any more."""
    return event.user or f"?{str(event.user_id)[:8]}"


def tone(event: Event) -> Tone:
    """What failed and what is grave stand out."""
    if event.action in REFUSALS:
        return Tone.ERROR
    return Tone.WARNING if event.action in GRAVE else Tone.PLAIN


def moment(at: datetime) -> str:
    """To the second; the whole moment is in the row's detail."""
    return at.isoformat(" ", "seconds")[:19]  # strftime leaves the noughts of early years out


COLUMNS: tuple[Column[Event], ...] = (
    Column(id="time", title="time (UTC)", value=lambda e: e.created_at, text=moment, width=19),
    Column(id="user", title="user", value=who, width=20, grows=True),
    Column(id="action", title="action", value=lambda e: e.action, width=13, tone=tone),
    Column(id="entity", title="entity", value=lambda e: e.entity_type, width=9, priority=2),
    Column(id="patient", title="patient", value=lambda e: e.patient, width=8),
    Column(id="network", title="network", value=lambda e: e.ip, width=15, priority=4),
    Column(id="system", title="EMR", value=lambda e: e.system, text=lambda s: s.removeprefix("GENERIC_"), width=7,
           priority=3),
    Column(id="entity_id", title="entity id", value=lambda e: str(e.entity_id), width=36, priority=6),
    Column(id="session", title="session", value=lambda e: str(e.session_id or ""), width=36, priority=7),
    Column(id="request", title="request", value=lambda e: str(e.request_id), width=36, priority=8),
)  # fmt: skip
"""All of it is masked before it leaves the server."""

GAPS: tuple[Column[Gap], ...] = (
    Column(id="first", title="first day (UTC)", value=lambda g: g.first, text=to_weekday, width=16),
    Column(id="last", title="last day", value=lambda g: g.last, text=to_weekday, width=16),
    Column(id="days", title="days", value=lambda g: g.days, width=6, kind=Kind.NUMBER, tone=lambda _: Tone.WARNING),
)
"""Days without events."""


def facet_columns(name: Callable[[UUID], str | None]) -> tuple[Column[Facet], ...]:
    """Frequent values, users by name."""
    return (
        Column(id="facet", title="of", value=lambda f: f.facet, width=8),
        Column(id="value", title="value", value=lambda f: facet_value(f, name), width=24, grows=True),
        Column(id="events", title="events", value=lambda f: f.events, width=12, kind=Kind.NUMBER),
    )


def facet_value(facet: Facet, name: Callable[[UUID], str | None]) -> str:
    """A value as a person reads it."""
    if facet.value is None:
        return "(none)"
    if facet.facet == "user":
        return name(UUID(facet.value)) or facet.value
    return f"{int(facet.value):02}:00 to {int(facet.value):02}:59" if facet.facet == "hour" else facet.value


def guide_columns(keys: Mapping[str, str]) -> tuple[Column[Question], ...]:
    """The questions, each with its key."""
    return (
        Column(id="key", title="key", value=lambda q: keys.get(q.name, ""), width=4, tone=lambda _: Tone.INFO),
        Column(id="question", title="what do you want to know?", value=lambda q: q.title, width=40),
        Column(id="wants", title="has to be said", value=lambda q: q.wants.partition(":")[0], width=16, grows=True,
               tone=lambda _: Tone.MUTED),
    )  # fmt: skip
