"""What would be lost, counted on the live database: in sessions that only read, each count with two seconds at most."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from console.db.identifiers import quote
from console.db.session import Session
from console.errors import NoPrivilege, StatementFailed, TimedOut
from console.migrate.plan.fate import Gone
from console.migrate.plan.models import Facts
from console.migrate.plan.portions import apart
from console.migrate.plan.reports import Loss
from console.phi import AUDIT_FLOOR_DAYS, holds_phi, is_audit

SETTINGS = {"statement_timeout": "2000", "lock_timeout": "500", "row_security": "off"}
"""Of the session that counts. Rows that row security hides would be counted as none: then "unknown" is the answer."""

AT_LEAST = 100_000
"""How many rows are still counted when counting all takes too long."""

_HIDDEN = "Row security hides rows from this role, so nobody knows how many there are."
_SLOW = "Counting all of it takes longer than two seconds."


class _Count(NamedTuple):
    """What a count has told."""

    rows: int | None
    newest: datetime | None = None
    born: int | None = None
    young: bool = False
    exact: bool = True
    note: str | None = None


async def counted(session: Session, gone: Gone, facts: Mapping[str, Facts], since: datetime | None) -> Loss | None:
    """One loss with its figures; None for what is not there today. `since` is when the migration was applied."""
    if gone.kind == "unknown":
        return Loss(gone.relation, "unknown", exact=False, note=gone.part)
    if not gone.counted:
        return Loss(gone.relation, gone.kind)
    fact = facts.get(gone.relation)
    if fact is None:
        return None
    if gone.kind == "policy":
        note = "The rows stay; who may see them is no longer restricted by it."
        return Loss(f"{gone.part} on {fact.name}", "policy", opens_access=True, note=note)
    if gone.kind == "row security":
        return Loss(
            fact.name, "row security", opens_access=True, note="Everybody with a right on the table sees all rows."
        )
    if gone.kind == "view":
        return Loss(fact.name, "view")
    if gone.part is not None and gone.kind in ("column", "values") and gone.part not in fact.columns:
        return None
    others = apart(gone.relation, gone.apart, facts)  # their rows went before, or stay
    return _loss(gone, fact, others, await _count(session, gone, fact, others, since))


def _loss(gone: Gone, fact: Facts, others: Sequence[Facts], count: _Count) -> Loss:
    column = gone.part if gone.kind in ("column", "values") else None
    whole = column is None
    statement = gone.part if gone.kind == "rows" and gone.part != "TRUNCATE" else None
    changes = f"{statement} changes or removes rows of it; how many, only the run tells." if statement else None
    if gone.kind == "values":
        changes = "Its values are written anew; what of them is changed or cut, only the run tells."
    return Loss(
        fact.name if whole else f"{fact.name}.{column}",
        gone.kind,
        rows=count.rows,
        bytes=_bytes(fact, others) if whole and gone.kind != "rows" else None,
        newest=count.newest,
        born_since_applied=count.born,
        phi=holds_phi(fact.name, column),
        exact=count.exact and statement is None,
        retention_conflict=whole and is_audit(fact.name) and count.young,
        note=count.note or changes,
    )


def _bytes(fact: Facts, others: Sequence[Facts]) -> int | None:
    return None if fact.bytes is None else fact.bytes - sum(each.bytes or 0 for each in others)


async def _count(session: Session, gone: Gone, fact: Facts, others: Sequence[Facts], since: datetime | None) -> _Count:
    conditions = [f"{quote(gone.part)} is not null"] if gone.kind in ("column", "values") and gone.part else []
    if others:
        oids = ", ".join(str(oid) for each in others for oid in each.family)
        conditions.append(f"tableoid not in ({oids})")
    only = f" where {' and '.join(conditions)}" if conditions else ""
    try:
        return await _all(session, fact, only, since)
    except NoPrivilege:
        return _Count(None, note=_HIDDEN)
    except TimedOut:
        return await _some(session, fact, only)
    except StatementFailed as error:
        return _Count(None, note=error.message)


async def _all(session: Session, fact: Facts, only: str, since: datetime | None) -> _Count:
    moment = fact.moment or "null::timestamptz"
    _, ((rows, newest, born, young),) = await session.rows(
        f"select count(*), max({moment}), count(*) filter (where {moment} > %(since)s::timestamptz),"
        f" coalesce(max({moment}) > now() - %(floor)s * interval '1 day', false) from {fact.name}{only}",
        since=since,
        floor=AUDIT_FLOOR_DAYS,
    )
    return _Count(rows, newest, born if fact.moment and since else None, bool(young) or (not fact.moment and rows > 0))


async def _some(session: Session, fact: Facts, only: str) -> _Count:
    """At least so many, when all would take too long; audit rows count as young then, since nobody has looked."""
    try:
        _, ((rows,),) = await session.rows(
            f"select count(*) from (select from {fact.name}{only} limit %(most)s) as some", most=AT_LEAST
        )
    except StatementFailed as error:
        return _Count(None, young=True, note=error.message)
    return _Count(rows, young=True, exact=rows < AT_LEAST, note=_SLOW)


async def losses(
    session: Session, gone: Sequence[Gone], facts: Mapping[str, Facts], since: datetime | None
) -> list[Loss]:
    """Every loss with its figures, those with the most rows first."""
    found = [await counted(session, each, facts, since) for each in gone]
    return sorted(filter(None, found), key=lambda loss: (loss.kind != "table", loss.kind, -(loss.rows or 0)))
