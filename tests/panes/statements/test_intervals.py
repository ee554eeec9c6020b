"""What happened between two samples, against sums made by hand."""

from datetime import UTC, datetime, timedelta
from math import inf
from statistics import fmean, pstdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.panes.statements.intervals import between, comparable, hottest, least, since_reset, spent
from console.panes.statements.models import Counters, Sample, Totals

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
Calls = list[float]


def counters(queryid: int, times: Calls, *, user: int = 10) -> Counters:
    """An entry that has counted calls of so many seconds; each returned two rows."""
    return Counters(
        queryid=queryid, user_id=user, database_id=5, toplevel=True, user="emr_app", database="emr",
        calls=len(times), total_time=sum(times), mean_time=fmean(times or [0]), stddev_time=pstdev(times or [0]),
        rows=2 * len(times), blocks_hit=9 * len(times), blocks_read=len(times), temp_bytes=0, wal_bytes=0,
    )  # fmt: skip


def sample(*shown: Counters, second: int = 0, others: dict[int, float] | None = None, **changed: object) -> Sample:
    """A sample with some entries shown, and the times of others that were not asked for."""
    times = [(row.queryid, row.total_time) for row in shown] + list((others or {}).items())
    plain: dict[str, object] = {
        "as_of": NOON + timedelta(seconds=second), "reset": NOON, "thrown_away": 0, "entries": len(times),
        "total_time": sum(time for _, time in times), "hidden": 0, "hidden_time": 0.0,
        "queryids": [queryid for queryid, _ in times], "microseconds": [round(time * 1e6) for _, time in times],
    }  # fmt: skip
    return Sample(Totals.model_validate(plain | changed), shown)


def test_shares_since_the_reset_are_of_everything() -> None:
    told = since_reset(sample(counters(1, [3.0, 3.0]), others={2: 2.0}))
    assert [(s.calls, s.mean_time, s.share, s.hit_ratio, s.seconds) for s in told] == [(2, 3.0, 0.75, 0.9, None)]


def test_between_two_samples() -> None:
    first = sample(counters(1, [1.0]), counters(2, [5.0, 5.0]), counters(5, [1.0]), others={4: 9.0})
    second = sample(
        counters(5, [1.0]),  # did not run
        counters(1, [1.0, 1.0, 2.0]),  # twice more
        counters(2, [0.5]),  # thrown away, and back
        counters(3, [2.5]),  # new
        counters(4, [9.0, 1.0]),  # not asked for before: cannot be told yet
        second=10,
    )
    told = between(first, second, spent(first, second))
    assert [(s.key.queryid, s.calls, s.total_time, s.rows, s.seconds) for s in told] == [
        (1, 2, 3.0, 4, 10.0),
        (3, 1, 2.5, 2, 10.0),
        (2, 1, 0.5, 2, 10.0),
    ]
    assert [s.share for s in told] == [3.0 / 7, 2.5 / 7, 0.5 / 7]
    assert told[0].per_second(told[0].calls) == 0.2
    assert hottest(spent(first, second), 2) == [1, 3]
    assert set(hottest(spent(first, second), 9)) == {1, 2, 3, 4}


def test_entries_of_one_statement_by_two_roles_are_two_rows_and_one_id() -> None:
    first = sample(counters(1, [1.0], user=10), counters(1, [1.0], user=11))
    second = sample(counters(1, [1.0, 4.0], user=10), counters(1, [1.0, 1.0], user=11), second=1)
    assert [(s.key.user_id, s.total_time) for s in between(first, second, spent(first, second))] == [
        (10, 4.0),
        (11, 1.0),
    ]
    assert hottest(spent(first, second), 9) == [1]


def test_the_least_of_the_dearest() -> None:
    found = sample(counters(1, [1.0]), counters(2, [5.0]), counters(3, [3.0]), others={4: 0.5})
    assert [least(found, limit) for limit in (1, 2, 3, 4)] == [5.0, 3.0, 1.0, 0.0]
    assert least(sample(others={1: 1.0, 2: 1.0}), 1) == inf


@pytest.mark.parametrize(
    "changed",
    [{"reset": NOON + timedelta(seconds=1)}, {"as_of": NOON - timedelta(hours=1)}, {"as_of": NOON}, {"queryids": None}],
)
def test_after_a_reset_or_a_clock_set_back_nothing_is_compared(changed: dict[str, Any]) -> None:
    first = sample(counters(1, [1.0]))
    assert comparable(first, sample(counters(1, [1.0]), second=1))
    assert not comparable(first, sample(counters(1, [1.0]), second=1, **changed))


spans = st.lists(st.floats(0.001, 100.0), min_size=1, max_size=30)


@given(spans, spans)
def test_the_standard_deviation_of_the_calls_in_between(before: Calls, more: Calls) -> None:
    first, second = sample(counters(1, before)), sample(counters(1, before + more), second=1)
    (told,) = between(first, second, spent(first, second))
    assert told.stddev_time == pytest.approx(pstdev(more), abs=1e-4)
    assert told.mean_time == pytest.approx(fmean(more))
