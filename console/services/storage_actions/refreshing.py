"""Refreshing exactly one range of a continuous aggregate, but only where its raw rows are still there."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

from console.db.query import Query
from console.db.session import Session
from console.errors import Refused
from console.services.capabilities import Ability, Capabilities
from console.services.retention.holds import UNCHANGED
from console.services.storage.aggregate_models import Continuous
from console.services.storage.chunks import Bound, by_range
from console.services.storage.models import Part, Policy
from console.services.storage.tables import CHUNKS
from console.services.storage_actions.chunks import written
from console.services.storage_actions.dropping import text
from console.services.storage_actions.partitions import spelled
from console.services.storage_actions.plan import MINUTES_15, Plan, Said

Range = tuple[datetime, datetime] | tuple[int, int]
"""From the first moment or number to the one after the last."""

_REFRESH = Query(__package__, "refresh_range")


async def raw(session: Session, aggregate: Continuous, drop: Policy | None) -> list[Range]:
    """Where there are raw rows, the oldest first: the chunks that are there, without what retention drops.

    A chunk older than that holds rows that came late, and no longer those that were aggregated.
    """
    parts = sorted(await session.fetch(CHUNKS.query, Part, oid=aggregate.raw_parent), key=by_range)
    kept = drop.before if drop is not None else None
    return list(joined(_range(part) for part in parts if kept is None or _younger(part, kept)))


def joined(ranges: Iterable[Range | None]) -> Iterator[Range]:
    """Ranges that touch as one.

    >>> list(joined([(0, 10), (10, 20), None, (15, 18), (40, 50)]))
    [(0, 20), (40, 50)]
    """
    last: Range | None = None
    for each in ranges:
        if each is None:
            continue
        if last is not None and not _before(last[1], each[0]):
            last = _of(last[0], each[1] if _before(last[1], each[1]) else last[1])
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def refresh(able: Capabilities, aggregate: Continuous, asked: tuple[Bound, Bound], there: Sequence[Range]) -> Plan:
    """Compute a range anew, cut to where raw rows are: elsewhere a refresh erases what the aggregate holds.

    None in `asked` is as far as there are raw rows.
    """
    able.require(Ability.AGGREGATES)
    told, view = f"{aggregate.schema_name}.{aggregate.view_name}", spelled(aggregate.schema_name, aggregate.view_name)
    common = [within(asked, each) for each in there]
    ranges = [each for each in common if each is not None and _whole(each, asked, aggregate.bucket)]
    if not ranges:
        raise Refused(
            f"There are no raw rows in that range any more: refreshing it would erase what {told} holds.",
            state=UNCHANGED,
            hint=f"Raw rows are from {'; '.join(map(_told, there))}." if there else "",
        )
    said = "; ".join(map(_told, ranges))
    cut = len(ranges) > 1 or asked not in ((None, None), ranges[0])
    return Plan(
        kind="aggregate.refresh",
        target=told,
        title=f"Refresh {told}",
        facts=(
            ("range", said),
            *((("cut", "to where raw rows are; elsewhere it keeps what it holds"),) if cut else ()),
        ),
        statements=tuple(written(_REFRESH, able, view=view, start=text(start), end=text(end)) for start, end in ranges),
        consequence="Whole buckets of that range are computed anew; others go on reading it.",
        verb="refresh",
        by_itself=True,
        patience=MINUTES_15,
        verify=partial(_refreshed, said),
        left=_partly,
    )


async def _refreshed(said: str, session: Session) -> Said:
    return Said(f"Refreshed: {said}.", {"range": said})


async def _partly(session: Session) -> str:
    """A refresh commits as it goes."""
    return "What was refreshed before it stopped stays, and the rest can be refreshed again."


def within(asked: tuple[Bound, Bound], there: Range) -> Range | None:
    """What two ranges have in common; None if nothing.

    >>> within((5, 50), (10, 40)), within((None, 20), (10, 40)), within((1, 2), (10, 40))
    ((10, 40), (10, 20), None)
    """
    start, end = asked[0] if asked[0] is not None else there[0], asked[1] if asked[1] is not None else there[1]
    start, end = (there[0] if _before(start, there[0]) else start), (there[1] if _before(there[1], end) else end)
    return _of(start, end) if _before(start, end) else None


def _whole(cut: Range, asked: tuple[Bound, Bound], bucket: float | None) -> bool:
    """Whether there is a whole bucket in what was cut off; the server refuses a range without one."""
    start, end = cut
    if cut == asked or bucket is None or not isinstance(start, datetime) or not isinstance(end, datetime):
        return True
    return (end - start).total_seconds() >= 2 * bucket


def _range(part: Part) -> Range | None:
    if part.range_start is not None and part.range_end is not None:
        return part.range_start, part.range_end
    if part.start_number is not None and part.end_number is not None:
        return part.start_number, part.end_number
    return None


def _younger(part: Part, than: datetime) -> bool:
    return part.range_start is None or part.range_start >= than


def _of(start: datetime | int, end: datetime | int) -> Range:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return start, end
    if isinstance(start, int) and isinstance(end, int):
        return start, end
    raise TypeError("a range goes by moments or by numbers")


def _before(one: datetime | int, other: datetime | int) -> bool:
    start, end = _of(one, other)
    return start < end  # type: ignore[operator] # both are moments or both are numbers


def _told(each: Range) -> str:
    return f"{text(each[0])} to {text(each[1])}"
