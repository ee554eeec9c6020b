"""From seals and findings to days; pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from console.panes.audit.seals.sealed import SealedDay, Sealing, State
from console.services.audit.sealing.models import UNPROVED, Finding, Seal
from console.services.audit.sealing.service import OPEN

_DAY = timedelta(days=1)


def sealing(as_of: datetime, seals: Iterable[Seal], findings: Sequence[Finding], verified: bool) -> Sealing:
    """Every day from the first seal to today, the latest first."""
    by_day: defaultdict[date, list[Seal]] = defaultdict(list)
    for seal in seals:
        by_day[seal.day].append(seal)
    wrong: defaultdict[date | None, list[Finding]] = defaultdict(list)
    for finding in findings:
        wrong[finding.day].append(finding)
    every = {*by_day, *(day for day in wrong if day), *_unsealed(max(by_day, default=None), as_of)}
    days = [
        SealedDay(day, _state(day, by_day[day], wrong[day], as_of, verified), by_day[day], wrong[day])
        for day in sorted(every, reverse=True)
    ]
    return Sealing(as_of, days, wrong[None], as_of if verified else None)


def _unsealed(last: date | None, as_of: datetime) -> Iterable[date]:
    today = as_of.astimezone(UTC).date()
    return [last + _DAY * n for n in range(1, (today - last).days + 1)] if last else []


def _state(day: date, seals: Sequence[Seal], wrong: Sequence[Finding], as_of: datetime, verified: bool) -> State:
    if wrong:
        return "late" if all(finding.state in UNPROVED for finding in wrong) else "broken"
    if not seals:
        over = datetime(day.year, day.month, day.day, tzinfo=UTC) + _DAY
        return "due" if over + OPEN <= as_of else "open"
    if all(seal.retired_at is not None for seal in seals):
        return "retired"
    return "proven" if verified else "sealed"
