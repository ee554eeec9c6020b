"""The rules of a review: what each asks, how soon somebody should look, and how its evidence reads; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from console.db.query import Query
from console.services.audit.questions import span
from console.services.audit.review.models import Found, Level, SignOff
from console.units import number_of

_DAY = timedelta(days=1)

QUARTER = timedelta(days=92)
"""How far back the proof of the cadence reaches."""

CADENCE = timedelta(days=7)
"""How often somebody has to sign a review off: 164.308(a)(1)(ii)(D) says regularly, the platform weekly."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    name: str
    """What it is called in JSON and in decisions."""
    level: Level
    """How soon somebody should look."""
    evidence: str
    """What was seen; `measure` and `events` are put in."""
    query: Query
    """What it asks."""


RULES = (
    Rule("bulk", "high", "Patients within one hour: {measure:,}.", Query(__package__, "bulk")),
    Rule(
        "sweep", "high", "Patients within ten minutes with numbers in a row: {measure:,}.",
        Query(__package__, "sweep"),
    ),
    Rule("export", "high", "Records exported on one day: {measure:,}.", Query(__package__, "exports")),
    Rule("ghost user", "high", "Events of a closed or unknown account: {events:,}.", Query(__package__, "ghost")),
    Rule("failed sign-ins", "high", "Failed sign-ins in an hour: {measure:,}.", Query(__package__, "failed_logins")),
    Rule(
        "self access", "high", "Looks at a patient who has the person's own name: {events:,}.",
        Query(__package__, "same_name"),
    ),
    Rule(
        "break-glass without reason", "warn", "Uses of break-glass without a reason: {events:,}.",
        Query(__package__, "break_glass"),
    ),
    Rule(
        "break-glass often", "warn", "Uses of break-glass within seven days: {measure:,}.",
        Query(__package__, "break_glass_often"),
    ),
    Rule("crowding", "warn", "People who looked at one patient: {measure:,}.", Query(__package__, "crowding")),
    Rule(
        "no care relationship", "warn",
        "Looks at a patient whom only other departments had: {events:,}.",
        Query(__package__, "no_care"),
    ),
    Rule(
        "past patients", "info",
        "Patients on one day whose care is over or has not begun: {measure:,}.",
        Query(__package__, "past_care"),
    ),
    Rule(
        "after hours", "info", "Looks outside every shift of the department: {events:,}.",
        Query(__package__, "after_hours"),
    ),
    Rule("new network", "info", "Events from a new network: {events:,}.", Query(__package__, "new_network")),
)  # fmt: skip
"""All of them, the most urgent first."""

SAME_NAME = Rule(
    "same last name", "info", "Looks at a patient of the same last name, not in own care: {events:,}.",
    Query(__package__, "same_name"),
)  # fmt: skip
"""What self access is while only the last name is the same."""

UNUSUAL_HOURS = Rule(
    "after hours", "info", "Looks at night or on a weekend, unusual for this person: {events:,}.",
    Query(__package__, "after_hours"),
)  # fmt: skip
"""What after hours are where shifts are not known."""

MANY_STRANGERS = Rule(
    "no care relationship", "warn",
    "Patients on one day whom only other departments had: {measure:,}.",
    Query(__package__, "no_care"),
)  # fmt: skip
"""What is told once of a person who looks at many of them."""

ORDER: dict[Level, int] = {"high": 0, "warn": 1, "info": 2}
"""How findings are sorted."""


def fitting(rule: Rule, found: Found) -> Rule:
    """The rule that a finding is of: one query tells self access from the same last name, one many from a few."""
    if rule.name == "self access" and found.measure < 2:
        return SAME_NAME
    if rule.name == "after hours" and found.measure < 2:
        return UNUSUAL_HOURS
    return MANY_STRANGERS if rule.name == "no care relationship" and found.patient_id is None else rule


def identity(rule: Rule, found: Found) -> str:
    """The finding's id: whatever the window, the same person, patient and day or hour have the same one."""
    told = f"{rule.name}|{found.user_id}|{found.patient_id}|{found.unit.astimezone(UTC).isoformat()}"
    return sha256(told.encode()).hexdigest()[:12]


def search(found: Found) -> str:
    """The search that shows its events.

    >>> from uuid import UUID
    >>> at = datetime(2026, 3, 14, 9, 5, 7, tzinfo=UTC)
    >>> known = dict(patient_id=None, unit=at, first_at=at, last_at=at + timedelta(hours=2), events=7, measure=7)
    >>> search(Found(user_id=UUID(int=1), **known))
    'user:00000000-0000-0000-0000-000000000001 since:2026-03-14T09:05 until:2026-03-14T11:06'
    """
    who = [f"user:{found.user_id}"] if found.user_id else []
    whom = [f"patient:{found.patient_id}"] if found.patient_id else []
    since, until = found.first_at.astimezone(UTC), found.last_at.astimezone(UTC) + timedelta(minutes=1)
    return " ".join([*who, *whom, span(since, until)])


def unreviewed(signed: Iterable[SignOff], since: date, until: date) -> list[tuple[date, date]]:
    """The spans of days, each without its end, that nobody has signed off.

    >>> def off(first: int, end: int) -> SignOff:
    ...     days = {"since": date(2026, 3, first), "until": date(2026, 3, end)}
    ...     return SignOff(**days, operator="ana", at=datetime(2026, 4, 1, tzinfo=UTC), findings=0, text="")
    >>> [(a.day, b.day) for a, b in unreviewed([off(8, 15), off(2, 4)], date(2026, 3, 1), date(2026, 3, 20))]
    [(1, 2), (4, 8), (15, 20)]
    """
    done = {each.since + _DAY * n for each in signed for n in range((each.until - each.since).days)}
    days = [since + _DAY * n for n in range((until - since).days)]
    return _spans([day for day in days if day not in done])


def cadence(signed: Sequence[SignOff], now: datetime) -> tuple[str, bool]:
    """When somebody last signed off, and whether that is too long ago.

    >>> at = datetime(2026, 3, 14, tzinfo=UTC)
    >>> told = SignOff(since=date(2026, 3, 1), until=date(2026, 3, 8), operator="ana", at=at, findings=0, text="")
    >>> cadence([told], at + timedelta(days=3)), cadence([told], at + timedelta(days=8)), cadence([], at)
    (('signed off 3 days ago, due weekly', False), ('signed off 8 days ago, due weekly', True), \
('never signed off, due weekly', True))
    """
    if not signed:
        return "never signed off, due weekly", True
    ago = now - max(each.at for each in signed)
    days = "today" if ago < _DAY else f"{number_of(ago.days, 'day')} ago"
    return f"signed off {days}, due weekly", ago > CADENCE


def _spans(days: Sequence[date]) -> list[tuple[date, date]]:
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and spans[-1][1] == day:
            spans[-1] = (spans[-1][0], day + _DAY)
        else:
            spans.append((day, day + _DAY))
    return spans
