"""Setting a policy: the old one is removed, the new one added, and then it is looked whether it says what was meant.

Never by `if_not_exists` alone, which keeps an older figure and only whispers that it does.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from math import isclose

from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.errors import Refused, StatementFailed, UsageError
from console.services.capabilities import Ability, Capabilities
from console.services.retention import floor
from console.services.retention.holds import UNCHANGED, require_free
from console.services.storage.aggregate_models import Continuous
from console.services.storage.aggregates import conflict
from console.services.storage.models import Divided, Policy
from console.services.storage.tables import POLICIES
from console.services.storage_actions.chunks import written
from console.services.storage_actions.models import Owner, Span
from console.services.storage_actions.partitions import place_of, spelled
from console.services.storage_actions.plan import Plan, Said, unchecked
from console.units import age

_SPAN = Query(__package__, "span")
_OWNER = Query(__package__, "owner")
_REMOVE_RETENTION = Query(__package__, "remove_retention")
_ADD_RETENTION = Query(__package__, "add_retention")
_REMOVE_COMPRESSION = Query(__package__, "remove_compression")
_ADD_COMPRESSION = Query(__package__, "add_compression")


async def span(session: Session, typed: str) -> Span:
    """A span of time as a person has typed it, such as `7 years`; UsageError where it is none, or not above zero."""
    try:
        found = await session.fetch_one(_SPAN, Span, text=typed)
    except StatementFailed as error:
        raise UsageError(
            "That is no span of time.", state=UNCHANGED, hint="Write it as PostgreSQL does, such as 90 days or 7 years."
        ) from error
    if found.seconds <= 0:
        raise UsageError("A policy needs a span above zero.", state=UNCHANGED, hint="Write it such as 90 days.")
    return found


async def owner(session: Session, table: Divided) -> Owner:
    """Who owns a table."""
    return await session.fetch_one(_OWNER, Owner, table=spelled(table.schema_name, table.table_name))


def retain(
    able: Capabilities, table: Divided, after: Span | None, owned: Owner, aggregates: Iterable[Continuous]
) -> Plan:
    """Drop chunks that are older than a span; None: drop none any more.

    Refused below the floor, where a continuous aggregate would lose what it holds, and while a hold stands.
    """
    place = place_of(table)
    if after is not None:
        floor.require(place.told, floor.interval_days(after.seconds))
        _refuse_conflict(table, after, aggregates)

    async def check(session: Session) -> None:
        """A held table gets no policy that drops."""
        if after is not None:
            await require_free(session, place)

    said = f"are dropped when they are older than {after.text}" if after else "are not dropped any more"
    return _plan(
        able,
        table,
        after,
        owned,
        drops=True,
        title=f"Chunks of {place.told} {said}",
        consequence="TimescaleDB drops them by itself, without asking; only a legal hold pauses it."
        if after
        else "They are kept until somebody drops them.",
        check=check,
    )


def compress(able: Capabilities, table: Divided, after: Span | None, owned: Owner) -> Plan:
    """Compress chunks that are older than a span; None: compress none any more."""
    said = f"are compressed when they are older than {after.text}" if after else "are not compressed any more"
    return _plan(
        able,
        table,
        after,
        owned,
        drops=False,
        title=f"Chunks of {place_of(table).told} {said}",
        consequence="Its next run compresses all that are older, one after the other."
        if after
        else "Those that are compressed stay so.",
        check=unchecked,
    )


def _refuse_conflict(table: Divided, after: Span, aggregates: Iterable[Continuous]) -> None:
    """Refuse a retention that a refresh would follow into the aggregate."""
    for each in aggregates:
        if each.raw_parent == table.oid and (said := conflict(each, after.seconds)):
            raise Refused(
                f"{each.schema_name}.{each.view_name} would lose what it holds. {said}",
                state=UNCHANGED,
                hint="Let its refreshes reach back less far first, or keep raw rows for longer.",
            )


def _plan(
    able: Capabilities,
    table: Divided,
    after: Span | None,
    owned: Owner,
    *,
    drops: bool,
    title: str,
    consequence: str,
    check: Callable[[Session], Awaitable[None]],
) -> Plan:
    able.require(Ability.POLICIES)
    name = spelled(table.schema_name, table.table_name)
    remove, add = (_REMOVE_RETENTION, _ADD_RETENTION) if drops else (_REMOVE_COMPRESSION, _ADD_COMPRESSION)
    statements = [written(remove, able, table=name)]
    statements += [written(add, able, table=name, after=after.text)] if after else []

    async def verify(session: Session) -> Said:
        """What TimescaleDB has now."""
        found = [p for p in await session.fetch(POLICIES.query, Policy) if (p.parent, p.drops) == (table.oid, drops)]
        return _said(found, after)

    return Plan(
        kind="policy.retention" if drops else "policy.compression",
        target=place_of(table).told,
        title=title,
        statements=owning(name, owned, statements) if after else tuple(statements),
        consequence=consequence,
        verb="set" if after else "remove",
        typed=table.table_name if drops and after else "",
        check=check,
        verify=verify,
    )


def owning(name: str, owned: Owner, statements: Sequence[str]) -> tuple[str, ...]:
    """Statements that make a policy: TimescaleDB makes none for an owner who cannot sign in, so we own it meanwhile.

    >>> owning('"t"', Owner(owner="emr_audit_owner", login=False), ["select 1"])[::2]
    ('alter table "t" owner to current_user', 'alter table "t" owner to "emr_audit_owner"')
    """
    if owned.login:
        return tuple(statements)
    return (
        f"alter table {name} owner to current_user",
        *statements,
        f"alter table {name} owner to {quote(owned.owner)}",
    )


def _said(found: Sequence[Policy], after: Span | None) -> Said:
    if after is None and not found:
        return Said("There is no such policy any more.")
    if after is not None and len(found) == 1 and isclose(found[0].after or -1.0, after.seconds, abs_tol=1.0):
        job = found[0]
        return Said(f"Job {job.job_id} does it, every {age(job.every)}.", {"job": job.job_id, "after": after.text})
    raise Refused(
        "TimescaleDB has not the policy that was meant.",
        state="It was rolled back; nothing was changed.",
        hint="Look at the jobs of this table.",
    )
