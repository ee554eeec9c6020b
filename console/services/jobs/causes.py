"""Jobs that fail alike: what they have in common is the server, the binary or the disk, and not any one of them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from console.services.jobs.models import Cause, Source
from console.services.jobs.server_models import Failure

TOGETHER = timedelta(hours=1)
"""How far apart failures of different jobs may be to count as one."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)

_PARTICULAR = re.compile(r"\"[^\"]+\"|'[^']+'|«[^»]+»|„[^“]+“|\d+")
_BLANK = re.compile(r"\s+")


Alike = list[Failure]
"""What several jobs said last, one failure a job: the same but for names and numbers, within an hour."""


def alike(failures: Iterable[Failure]) -> list[Alike]:
    """What at least two jobs failed of alike within an hour, the most jobs first.

    `failures` are those since each job's last good run; each job counts with what it said last.

    >>> noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    >>> def failure(job, message, hours=0):
    ...     at = noon + timedelta(hours=hours)
    ...     return Failure(job_id=job, sqlstate="24000", message=message, first=at, last=at, times=1)
    >>> both = [failure(2, 'no chunk "_hyper_1_7"'), failure(1, 'no chunk "_hyper_2_9"')]
    >>> [[failure.job_id for failure in group] for group in alike(both)]
    [[1, 2]]
    >>> alike([failure(1, "no chunk"), failure(2, "no table"), failure(3, "no chunk", hours=3)])
    []
    """
    kinds: dict[tuple[str | None, str], Alike] = defaultdict(list)
    for failure in latest(failures).values():
        kinds[failure.sqlstate, likeness(failure.message or "")].append(failure)
    groups = [group for kind in kinds.values() for group in _together(kind) if len(group) > 1]
    return sorted(groups, key=lambda group: (-len(group), group[0].job_id))


def latest(failures: Iterable[Failure]) -> dict[int, Failure]:
    """What each job said last, by its number."""
    return {failure.job_id: failure for failure in sorted(failures, key=_end)}


def cause(source: Source, group: Alike, words: Callable[[str | None, str | None], str]) -> Cause:
    """The card for failures that are alike; `words` makes of the newest one's code and message what may be shown."""
    newest, oldest = max(group, key=_end), min(group, key=_start)
    jobs = tuple(failure.job_id for failure in group)
    said = words(newest.sqlstate, newest.message)
    return Cause(source, newest.sqlstate, said, jobs, oldest.first, newest.last)


def likeness(message: str) -> str:
    """A message without what is particular to one job: names in quotes, numbers, line breaks.

    >>> likeness('chunk "_hyper_1_7_chunk" of job 1001 is gone'), likeness('cannot drop portal ""')
    ('chunk ? of job ? is gone', 'cannot drop portal ""')
    """
    return _BLANK.sub(" ", _PARTICULAR.sub("?", message)).strip()


def _together(failures: Alike) -> Iterator[Alike]:
    """Groups of failing times that touch, or are no more than an hour apart."""
    group: Alike = []
    for failure in sorted(failures, key=_start):
        if group and _start(failure) - max(map(_end, group)) > TOGETHER:
            yield _by_number(group)
            group = []
        group.append(failure)
    yield _by_number(group)


def _by_number(group: Alike) -> Alike:
    return sorted(group, key=lambda failure: failure.job_id)


def _start(failure: Failure) -> datetime:
    return failure.first or LONG_AGO


def _end(failure: Failure) -> datetime:
    return failure.last or LONG_AGO
