"""Aggregates: fresh, whole, and not destroyed by what keeps them fresh."""

from datetime import datetime

from console.services.health.check import Around, Check, above, crit, ok, warn, worst
from console.services.health.models import Verdict
from console.services.health.sources import AGGREGATES
from console.services.storage.aggregates import Aggregate, Aggregates
from console.units import age, number_of

LATER = 3
"""How many times what its policy explains an aggregate must be behind to be critical."""

FORGOTTEN = 86_400.0
"""Seconds that an aggregate without a policy may be behind: somebody's own timer may refresh it once a day."""

LIVE = 3_600.0
"""Seconds before now that an aggregate may leave alone without a word."""


def lag(found: Aggregates, around: Around) -> Verdict | None:
    """Whether every aggregate is as fresh as its policy promises."""
    known = sorted((each for each in found.aggregates if each.lag is not None and each.allowed), key=_behind)
    alone = [each for each in found.aggregates if each.continuous is not None and not each.continuous.policies]
    verdicts = [*(_lag(each, found.as_of) for each in reversed(known)), *map(_unattended, alone)]
    return worst(verdicts) if verdicts else None


def debt(found: Aggregates, around: Around) -> Verdict | None:
    """Whether changed rows wait to be taken in, and some that no policy will ever reach."""
    known = [each for each in found.aggregates if each.continuous is not None]
    if not known:
        return None
    for each in known:
        orphans = each.continuous.orphans if each.continuous else None
        if orphans:
            said = f"{each.label}: {number_of(orphans, 'changed range')} that no refresh reaches"
            return crit(said, orphans, 1, remedy=f"call refresh_continuous_aggregate('{each.label}', <from>, <to>);")
    most = max(known, key=_pending)
    waiting = number_of(_pending(most), "changed range")
    said = f"{most.label}: {waiting} to be refreshed" if _pending(most) else "no changed range waits"
    remedy = f"call refresh_continuous_aggregate('{most.label}', <from>, <to>);"
    return above(_pending(most), (around.limits.pending_ranges_warn, None), said, remedy)


def destroyed(found: Aggregates, around: Around) -> Verdict | None:
    """Whether refreshing erases what retention has dropped below it."""
    known = [each for each in found.aggregates if each.continuous is not None]
    if not known:
        return None
    bad = [each for each in known if each.conflict]
    if not bad:
        return ok("no refresh reaches rows that retention drops", 0)
    remedy = "\n".join(f"-- a smaller start_offset than drop_after: {each.label}" for each in bad)
    return crit(f"{bad[0].label}: {bad[0].conflict}", len(bad), 1, remedy=remedy)


def freshness(found: Aggregates, around: Around) -> Verdict | None:
    """Which aggregates do not answer with the newest rows; worth knowing, never worse."""
    known = [each.continuous for each in found.aggregates if each.continuous is not None]
    if not known:
        return None
    behind = [each for each in known if not each.realtime and (each.end_offset or 0.0) > LIVE]
    if not behind:
        return ok("every aggregate answers with the newest rows")
    names = ", ".join(f"{each.view_name} ({age(each.end_offset)})" for each in behind)
    return ok(f"without the newest rows: {names}", len(behind))


def _lag(each: Aggregate, as_of: datetime) -> Verdict:
    allowed, behind = each.allowed or 1.0, each.lag or 0.0
    # Where no row comes, the watermark stands still, however often the policy runs.
    if each.last_refresh is not None and (as_of - each.last_refresh).total_seconds() < allowed:
        return ok(f"{each.label} was refreshed in time", min(behind, allowed), allowed)
    said = f"{each.label} is {age(behind)} behind; its policy explains {age(allowed)}"
    remedy = f"call refresh_continuous_aggregate('{each.label}', <from>, <to>);"
    return above(behind, (allowed, LATER * allowed), said, remedy)


def _unattended(each: Aggregate) -> Verdict:
    """An aggregate that no policy refreshes."""
    if each.lag is not None and each.lag < FORGOTTEN:
        return ok(f"{each.label} has no policy, and was refreshed within a day", each.lag, FORGOTTEN)
    how = f"is {age(each.lag)} behind" if each.lag is not None else "holds nothing yet"
    remedy = f"call refresh_continuous_aggregate('{each.label}', <from>, <to>);  -- then give it a policy"
    return warn(f"{each.label} has no policy that refreshes it, and {how}", each.lag, FORGOTTEN, remedy=remedy)


def _behind(each: Aggregate) -> float:
    return (each.lag or 0.0) / (each.allowed or 1.0)


def _pending(each: Aggregate) -> int:
    return each.continuous.pending if each.continuous else 0


CHECKS = (
    Check("H09", "Aggregates in time", AGGREGATES, lag, "storage"),
    Check("H10", "Aggregates' debt", AGGREGATES, debt, "storage"),
    Check("H11", "Refresh and retention", AGGREGATES, destroyed, "storage"),
    Check("H17", "Freshness of aggregates", AGGREGATES, freshness, "storage"),
)
"""What can be told of continuous aggregates."""
