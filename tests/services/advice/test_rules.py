"""The rules of advice, as a table of facts and what is said of them."""

from typing import Any

import pytest

from console.services.advice import rules
from console.services.advice.models import Budget, Facts, Level

MB = 1024 * 1024
WEEK = 7 * rules.DAY


def facts(**changed: Any) -> Facts:
    """Seven years of weekly chunks of half a million rows, well compressed; what is not said is as usual."""
    usual: dict[str, Any] = {
        "table": "audit_logs",
        "quoted": '"public"."audit_logs"',
        "hypertable": True,
        "chunks": 366,
        "rows": 366 * 500_000.0,
        "width": WEEK,
        "keeps": rules.LONGEST,
        "active_index_bytes": 100 * MB,
        "shared_buffers": 1024 * MB,
        "budget": Budget(lock_slots=25_600, indexes=6),
        "compresses": True,
        "segment_by": (),
        "order_by": ("created_at",),
        "rows_per_batch": 978.0,
        "ratio": 6.5,
        "distinct": {"created_at": -1.0, "user_id": 400.0, "entity_type": 5.0, "entity_id": -0.8, "system": 1.0},
    }
    return Facts(**usual | changed)


TABLE: dict[str, tuple[Facts, list[tuple[str, str]]]] = {
    "well": (facts(), [("fine", "good width"), ("fine", "978 rows of 1,000, and made it 6.5 times smaller")]),
    "indexes too large": (
        facts(active_index_bytes=900 * MB, budget=Budget(lock_slots=200_000, indexes=6)),
        [("do", "88% of shared_buffers. Chunks of 1 day would fit better"), ("fine", "978")],
    ),
    "too many locks": (
        facts(budget=Budget(lock_slots=7_000, indexes=6)),
        [("do", "47% of the lock table. Chunks of 14 days would fit better"), ("fine", "978")],
    ),
    "room for neither": (
        facts(active_index_bytes=900 * MB, budget=Budget(lock_slots=6_400, indexes=6)),
        [("do", "No width has room for both"), ("fine", "978")],
    ),
    "tiny chunks": (
        facts(rows=366 * 27_000.0, active_index_bytes=3 * MB),
        [("consider", "about 27,000 rows, and costs every plan as much as one of millions. Chunks of 28 days"),
         ("fine", "978")],
    ),
    "one tiny chunk": (facts(chunks=1, rows=10.0), [("fine", "good width"), ("fine", "978")]),
    "the seed's segmentby": (
        facts(segment_by=("user_id", "entity_type"), rows_per_batch=9.2, ratio=2.3),
        [("do", "9 rows of 1,000, parted by user_id, entity_type: do not part them"), ("fine", "good width")],
    ),
    "values that grow with the rows": (
        facts(segment_by=("entity_id",), rows_per_batch=1.2),
        [("do", "segmentby entity_id: its values grow"), ("do", "1 rows of 1,000"), ("fine", "good width")],
    ),
    "one value": (
        facts(segment_by=("system",)),
        [("consider", "segmentby system: it has one value"), ("fine", "good width"), ("fine", "978")],
    ),
    "small batches without segmentby": (
        facts(rows_per_batch=50.0),
        [("consider", "chunks are too small to fill one"), ("fine", "good width")],
    ),
    "nothing compressed yet": (facts(rows_per_batch=None, ratio=None), [("fine", "good width")]),
    "by number": (facts(width=None, compresses=False), [("unknown", "divided by number")]),
    "not analyzed": (
        facts(rows=None, active_index_bytes=None, compresses=False),
        [("fine", "good width"), ("unknown", "Nobody has analyzed")],
    ),
    "partitions": (
        facts(hypertable=False, compresses=False, budget=Budget(lock_slots=6_400, indexes=6)),
        [("do", "40% of the lock table")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_advice(case: str) -> None:
    known, expected = TABLE[case]
    found = rules.advise(known)
    assert [advice.level.value for advice in found] == [level for level, _ in expected]
    for advice, (_, said) in zip(found, expected, strict=True):
        assert said in advice.said


def test_statements_are_only_for_what_can_be_changed() -> None:
    large = {"active_index_bytes": 900 * MB, "budget": Budget(lock_slots=200_000, indexes=6)}
    found = [rules.advise(facts(hypertable=own, **large))[0] for own in (True, False)]
    assert [advice.sql for advice in found] == [
        """select set_chunk_time_interval('"public"."audit_logs"', interval '1 day');  -- for chunks to come""",
        "",
    ]


def test_what_if_chunks_were_wider() -> None:
    found = {width.seconds / rules.DAY: width for width in rules.widths(facts())}
    assert sorted(found) == [1, 7, 14, 28, 91, 365]
    assert [(found[days].chunks, found[days].rows) for days in (7, 28)] == [(366, 500_000.0), (92, 2_000_000.0)]
    assert found[14].cache_share == pytest.approx(200 / 1024)
    assert found[7].lock_share == pytest.approx(366 * (1 + 6 + 2) / 25_600)
    assert rules.widths(facts(width=None)) == []


def test_a_width_of_its_own_is_among_them_and_nothing_that_drops_means_seven_years() -> None:
    found = rules.widths(facts(width=3 * rules.DAY, keeps=None))
    assert [(width.seconds, width.chunks) for width in found if width.seconds == 3 * rules.DAY] == [
        (3 * rules.DAY, 853),
    ]


def test_what_if_batches_were_parted() -> None:
    found = {segment.columns: segment.rows_per_batch for segment in rules.segments(facts(segment_by=("user_id",)))}
    assert next(iter(found)) == ("user_id",)
    full = dict.fromkeys([("user_id",), (), ("system",), ("entity_type",)], 1_000)
    assert found == full | {("entity_id",): pytest.approx(1.25)}
    small = facts(rows=366 * 5_000.0)
    assert rules.rows_per_batch(small, ("user_id",)) == 12.5
    assert rules.rows_per_batch(small, ("user_id", "entity_type")) == 2.5
    assert rules.rows_per_batch(small, ("nobody_knows",)) is None
    assert rules.segments(facts(compresses=False)) == []


def test_the_most_urgent_comes_first() -> None:
    assert list(Level) == [Level.DO, Level.CONSIDER, Level.FINE, Level.UNKNOWN]
