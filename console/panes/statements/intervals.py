"""What happened between two samples of the statistics: pure functions."""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import replace
from math import inf, sqrt

from console.panes.statements.models import Counters, Sample, Statement, Totals


def since_reset(sample: Sample) -> list[Statement]:
    """What the statements of a sample have cost in all; shares are of all statements, hidden ones among them."""
    return [
        _statement(counters, share=_share(counters.total_time, sample.totals.total_time))
        for counters in sample.counters
    ]


def comparable(before: Sample, after: Sample) -> bool:
    """Whether the second sample goes on where the first one stopped: no reset in between, and time has passed."""
    first, second = before.totals, after.totals
    known = first.queryids is not None and second.queryids is not None
    return known and first.reset == second.reset and first.as_of < second.as_of


def between(before: Sample, after: Sample, cost: Counter[int]) -> list[Statement]:
    """What statements have cost between two comparable samples, the dearest first; those that did not run are left out.

    `cost` is what was `spent`. One that is new, or whose counters went down because it had been thrown away meanwhile,
    began after the first sample, so all of its counters belong to the interval. Of one that was there but not asked for
    nothing can be said.
    """
    seconds = (after.totals.as_of - before.totals.as_of).total_seconds()
    earlier = {counters.key: counters for counters in before.counters}
    known = frozenset(before.totals.queryids or ())
    everything = sum(cost.values())
    found = []
    for counters in after.counters:
        first = earlier.get(counters.key)
        if first is None and counters.queryid in known:
            continue
        told = _statement(counters) if first is None or _began_anew(first, counters) else _difference(first, counters)
        if told.calls:
            found.append(replace(told, share=_share(told.total_time, everything), seconds=seconds))
    return sorted(found, key=lambda told: -told.total_time)


def hottest(cost: Counter[int], limit: int) -> list[int]:
    """The ids of the statements that took the most time of what was `spent`, whether they were asked for or not."""
    return [queryid for queryid, seconds in cost.most_common(limit) if seconds > 0]


def least(sample: Sample, limit: int) -> float:
    """The seconds that each of the dearest has taken: they only grow, so that who asks for as many misses none."""
    if sample.totals.entries <= limit:
        return 0.0
    times = sorted((counters.total_time for counters in sample.counters), reverse=True)
    return times[:limit][-1] if times else inf


def following(before: Totals | None, after: Totals) -> Totals:
    """The second of two readings with its ids, which are not sent again while they are the same ones."""
    same = before is not None and after.queryids is None and before.fingerprint == after.fingerprint
    return after.model_copy(update={"queryids": before.queryids}) if before and same else after


def spent(before: Sample, after: Sample) -> Counter[int]:
    """Seconds that each statement, by its id, took between two samples; few of thousands took any."""
    moved = {queryid for queryid, _ in {*_times(before.totals)} ^ {*_times(after.totals)}}
    earlier, later = _summed(before.totals, moved), _summed(after.totals, moved)
    return Counter({queryid: _more(earlier[queryid], time) / 1e6 for queryid, time in later.items()})


def _times(totals: Totals) -> Iterator[tuple[int, int]]:
    """The id and the microseconds of each entry."""
    return zip(totals.queryids or (), totals.microseconds or (), strict=True)


def _summed(totals: Totals, wanted: Set[int]) -> Counter[int]:
    """Microseconds of some statements: several roles may have run one, in several databases."""
    times: Counter[int] = Counter()
    for queryid, time in _times(totals):
        if queryid in wanted:
            times[queryid] += time
    return times


def _more(before: int, after: int) -> int:
    return after - before if after >= before else after


def _began_anew(before: Counters, after: Counters) -> bool:
    return after.calls < before.calls or after.total_time < before.total_time


def _difference(before: Counters, after: Counters) -> Statement:
    return replace(
        _statement(after),
        calls=after.calls - before.calls,
        total_time=after.total_time - before.total_time,
        stddev_time=_stddev(before, after),
        rows=after.rows - before.rows,
        blocks_hit=after.blocks_hit - before.blocks_hit,
        blocks_read=after.blocks_read - before.blocks_read,
        temp_bytes=after.temp_bytes - before.temp_bytes,
        wal_bytes=after.wal_bytes - before.wal_bytes,
    )


def _stddev(before: Counters, after: Counters) -> float:
    """The standard deviation of the calls in between, from those of both populations (Chan, Golub and LeVeque 1979)."""
    calls = after.calls - before.calls
    if not calls:
        return 0.0
    mean = (after.total_time - before.total_time) / calls
    apart = (mean - before.mean_time) ** 2 * before.calls * calls / after.calls
    squares = after.stddev_time**2 * after.calls - before.stddev_time**2 * before.calls - apart
    return sqrt(max(0.0, squares) / calls)


def _statement(counters: Counters, share: float | None = None) -> Statement:
    return Statement(
        key=counters.key,
        user=counters.user,
        database=counters.database,
        calls=counters.calls,
        total_time=counters.total_time,
        stddev_time=counters.stddev_time,
        rows=counters.rows,
        blocks_hit=counters.blocks_hit,
        blocks_read=counters.blocks_read,
        temp_bytes=counters.temp_bytes,
        wal_bytes=counters.wal_bytes,
        share=share,
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
