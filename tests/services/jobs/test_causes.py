"""What several jobs have in common, as one card; recorded as PostgreSQL 15.20 and TimescaleDB 2.28 wrote it down."""

from datetime import datetime, timedelta

import pytest

from console.services.jobs import timescale
from console.services.jobs.causes import alike
from console.services.jobs.models import Cause
from console.services.jobs.server_models import Failure
from tests.services.jobs.recorded import NOW, ago, clock, failed, job, running

PORTAL = 'cannot drop portal "" while it is being set up'


def failure(number: int, message: str | None = PORTAL, code: str | None = "24000", **times: datetime) -> Failure:
    """Three runs that failed alike, the last an hour ago."""
    moments = {"first": ago(hours=3), "last": ago(hours=1)} | times
    return Failure(job_id=number, sqlstate=code, message=message, times=3, **moments)


def test_a_server_on_which_every_job_fails_is_one_card() -> None:
    """Jobs with other intervals fail at other times, but while the others fail too."""
    rows = [failed(3, number=number) for number in (1002, 1000, 1001, 3)]
    failures = [failure(row.id, first=ago(hours=row.id % 7), last=ago(minutes=row.id % 7)) for row in rows]
    (card,) = timescale.common(rows, failures)
    assert (card.words, card.jobs) == (f"24000 {PORTAL}", (3, 1000, 1001, 1002))
    assert (card.since, card.last) == (ago(hours=6), ago(minutes=0))


def test_every_job_says_it_too() -> None:
    told = timescale.jobs([failed(3)], clock(), [failure(1001)], frozenset(), "dba")
    assert [(each.state, each.error) for each in told] == [("failing", f"24000 {PORTAL}")]


@pytest.mark.parametrize(
    ("failures", "cards"),
    [
        ([failure(1), failure(2)], [[1, 2]]),
        ([failure(1)], []),
        ([failure(1), failure(1, first=ago(days=2))], []),
        ([failure(1), failure(2, code="57014")], []),
        ([failure(1), failure(2, "cannot drop portal")], []),
        ([failure(1, None, None), failure(2, None, None)], [[1, 2]]),
        # An hour between the last failure of one and the first of the other, and a minute more.
        ([failure(1, last=ago(hours=2)), failure(2, first=ago(hours=1))], [[1, 2]]),
        ([failure(1, last=ago(hours=2, minutes=1)), failure(2, first=ago(hours=1))], []),
        # What one said before something else counts no longer.
        ([failure(1, "disk full", "53100", last=ago(minutes=1)), failure(1), failure(2)], []),
        ([failure(1, 'chunk "_hyper_3_9_chunk" is gone'), failure(2, 'chunk "_hyper_4_2_chunk" is gone')], [[1, 2]]),
    ],
)
def test_alike(failures: list[Failure], cards: list[list[int]]) -> None:
    assert [[each.job_id for each in group] for group in alike(failures)] == cards


def test_one_that_runs_again_or_has_recovered_counts_no_longer() -> None:
    rows = [failed(3, number=1), running(number=2, pid=7), job(3)]
    assert timescale.common(rows, [failure(1), failure(2), failure(3)]) == []


def test_words_that_may_hold_data_are_not_shown() -> None:
    rows = [failed(1, number=1), failed(1, number=2)]
    said = "duplicate key value violates unique constraint Key (mrn)=(4711) already exists."
    (card,) = timescale.common(rows, [failure(1, said, "23505"), failure(2, said, "23505")])
    assert isinstance(card, Cause)
    assert "4711" not in card.message
    assert card.words.startswith("23505 UniqueViolation")
    crashed = timescale.jobs([failed(1)], clock(), [failure(1001, None, None)], frozenset(), "dba")
    assert "crashed" in (crashed[0].error or "")


def test_errors_that_our_role_may_not_see_come_with_the_grant() -> None:
    (hidden,) = timescale.jobs([failed(1, errors_visible=False)], clock(), [], frozenset(), 'o"k')
    assert (hidden.error, hidden.grant) == (None, 'GRANT "emr_owner" TO "o""k";')
    (well,) = timescale.jobs([job(errors_visible=False)], clock(), [], frozenset(), "ok")
    assert well.grant is None
    assert NOW - timedelta(hours=1) == well.last_success
