"""Sealing: every closed day of the audit tables that has no seal gets one, the oldest first."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from console.db import operator
from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, Unsupported
from console.migrate import ledger
from console.services.alone import Work, alone
from console.services.audit.export.signing import SigningKey
from console.services.audit.sealing import chain
from console.services.audit.sealing.models import (
    Day,
    Head,
    Hear,
    Here,
    Oldest,
    OldestDay,
    Progress,
    Seal,
    Sealed,
    Signature,
)
from console.services.audit.sealing.signing import signed
from console.services.events import Action, Kept, record_action
from console.services.retention.floor import FLOOR_DAYS
from console.services.rights import LEDGER, naming

OPEN = timedelta(hours=48)
"""So long after its end a day is not sealed: devices that were offline send their rows late."""

WINDOW = timedelta(days=7)
"""Days that are read by one statement, and sealed by one transaction."""

FARTHEST = timedelta(days=366 * 30)
"""No day is sealed that is older than the platform could be; rows from before are found by verifying."""

SETTINGS = {"statement_timeout": "600000", "row_security": "off", "plan_cache_mode": "force_custom_plan"}
"""Of a session that reads what is sealed: a role that does not see all rows is refused, instead of sealing some."""

SEALING = Work(5, "act", "sealing the audit log", "Each day is sealed once; nothing is missing when that has ended.")
"""One at a time; the primary key of emr_console.seal would refuse a second one, too."""

COLUMNS = {
    "audit_logs": (
        "id", "action", "entity_type", "entity_id", "user_id", "changes", "created_at", "ip_address", "user_agent",
        "session_id", "emr_system", "emr_patient_id", "emr_context", "request_id", "metadata",
    ),
    "audit_log_details": (
        "id", "audit_log_id", "audit_log_created_at", "previous_state", "new_state", "validation_results",
        "performance_metrics", "created_at",
    ),
}  # fmt: skip
"""The tables that are sealed, with the columns that a seal of format 1 is over."""

DAYS = {"audit_logs": Query(__package__, "audit_logs"), "audit_log_details": Query(__package__, "audit_log_details")}
"""What days hold now."""

FIRST = {
    "audit_logs": Query(__package__, "audit_logs_first"),
    "audit_log_details": Query(__package__, "audit_log_details_first"),
}
"""The first row of a span."""

HERE = Query(__package__, "here")

_SEALS = Query(__package__, "seals")
_SIGNATURES = Query(__package__, "signatures")
_SIGN = Query(__package__, "sign")
LAST = Query(__package__, "last")
_KEEP = Query(__package__, "keep")
_RETIRE = Query(__package__, "retire")
_UNRETIRED = Query(__package__, "unretired")

READ: Mapping[str, Sequence[str]] = {f"public.{table}": ("SELECT",) for table in COLUMNS}
"""What whoever hashes rows has to read."""

_SIGNED = {"table_name", "number", "public_key", "signature"}
_NOT_KEPT = {"sealed_as", "retired_at", "retired_by", "public_key", "signature"}


async def seal(
    session: Session, key: SigningKey | None = None, hear: Hear = lambda progress: None
) -> tuple[list[Sealed], Kept]:
    """Seal what is closed, retire what retention has dropped; interrupted, the next run goes on where it ended.

    `key` signs each seal.
    """
    async with naming(session, {**READ, **LEDGER}, "What was sealed before stays; nothing else was changed."):
        return await _sealed(session, key, hear)


async def _sealed(session: Session, key: SigningKey | None, hear: Hear) -> tuple[list[Sealed], Kept]:
    await here(session)
    await ledger.ready(session)
    async with alone(session, SEALING):
        try:
            done = [await _table(session, table, key, hear) for table in COLUMNS]
        except ConsoleError as error:
            await record_action(session, _action(), f"not done: {error.message}")
            raise
        if any(each.days or each.retired for each in done):
            return done, await _record(session, done)
    return done, Kept()


async def everything(session: Session) -> list[Seal]:
    """All seals, table by table."""
    found = await here(session)
    return [seal for table in COLUMNS for seal in await seals(session, found, table)]


async def seals(session: Session, there: Here, table: str) -> list[Seal]:
    """The chain of one table, signatures with it."""
    found = await session.fetch(_SEALS, Seal, table=table)
    if not there.signatures:
        return found
    signatures = await session.fetch(_SIGNATURES, Signature, table=table)
    known = {each.number: each.model_dump(exclude={"number"}) for each in signatures}
    return [each.model_copy(update=known.get(each.number, {})) for each in found]


async def here(session: Session) -> Here:
    """What this database has for seals; Unsupported where a seal would not be over every column."""
    found = await session.fetch_one(HERE, Here)
    for table, known in COLUMNS.items():
        there: list[str] = getattr(found, table)
        if not there:
            raise Unsupported(
                f"There is no table public.{table} here.",
                state="Nothing was sealed or verified.",
                hint="It comes with migration 002: emr-console migrate up.",
            )
        if set(there) != set(known):
            raise Unsupported(
                f"The columns of public.{table} are not those that seals are over.",
                state="Nothing was sealed or verified.",
                hint="Update emr-console, or bring the schema to the level of its migrations.",
            )
    return found


async def _table(session: Session, table: str, key: SigningKey | None, hear: Hear) -> Sealed:
    now = (await session.fetch_one(HERE, Here)).now
    retired = await _retire(session, table, now)
    found = await session.fetch(LAST, Seal, table=table)
    last = found[0] if found else None
    since, until = await _beginning(session, table, last, now), midnight((now - OPEN).astimezone(UTC).date())
    days = rows = 0
    every = (until - since).days if since else 0
    while since is not None and since < until:
        hear(Progress(table, days, every))
        upper = min(since + WINDOW, until)
        sealed = await _window(session, table, last, since, upper, key)
        days, rows, last, since = days + len(sealed), rows + sum(each.rows for each in sealed), sealed[-1], upper
    done = Sealed(table=table, days=days, rows=rows, retired=retired, number=0)
    if last is None:
        return done
    ends = {"number": last.number, "last": last.day, "head": last.seal, "public_key": last.public_key}
    return done.model_copy(update=ends)


async def _beginning(session: Session, table: str, last: Seal | None, now: datetime) -> datetime | None:
    """The first day without a seal; None where there is no row yet."""
    if last is not None:
        return midnight(last.day + timedelta(days=1))
    first = await session.fetch_one(FIRST[table], Oldest, lower=now - FARTHEST, upper=now)
    return first.at and midnight(first.at.astimezone(UTC).date())


async def _window(
    session: Session, table: str, last: Seal | None, lower: datetime, upper: datetime, key: SigningKey | None
) -> list[Seal]:
    """Seal some days, all of them or none."""
    sealed: list[Seal] = []
    async with session.transaction():
        for day in await session.fetch(DAYS[table], Day, lower=lower, upper=upper, marks=True):
            last = signed(_made(table, last, day), key)
            await session.run(_KEEP, **last.model_dump(exclude=_NOT_KEPT), marks=day.marks)
            if last.signature is not None:
                await session.run(_SIGN, **last.model_dump(include=_SIGNED))
            sealed.append(last)
    return sealed


def _made(table: str, last: Seal | None, day: Day) -> Seal:
    made = Seal(
        table_name=table,
        number=last.number + 1 if last else 1,
        day=day.day.astimezone(UTC).date(),
        rows=day.rows,
        content=day.content,
        previous=last.seal if last else None,
        seal="",
        format=chain.FORMAT,
        sealed_at=day.as_of,
        sealed_by=str(operator.current()),
        sealed_as="",  # the server's own word
    )
    return made.model_copy(update={"seal": chain.digest(made)})


async def _retire(session: Session, table: str, now: datetime) -> int:
    """Retire the oldest seals whose rows are gone: those that were kept long enough, up to the first row of all."""
    first = (await session.fetch_one(_UNRETIRED, OldestDay, table=table)).day
    floor = midnight((now - timedelta(days=FLOOR_DAYS)).astimezone(UTC).date())
    if first is None or midnight(first) >= floor:
        return 0
    row = (await session.fetch_one(FIRST[table], Oldest, lower=midnight(first), upper=floor)).at
    before = row.astimezone(UTC).date() if row else floor.date()
    return await session.run(_RETIRE, table=table, before=before, by=str(operator.current()))


async def _record(session: Session, done: list[Sealed]) -> Kept:
    """Tell of it, with the ends of the chains: seals that are cut off later are missed by that."""
    heads = {
        each.table: Head(number=each.number, seal=each.head, public_key=each.public_key).model_dump(exclude_none=True)
        for each in done
        if each.head
    }
    told = {each.table: {"days": each.days, "rows": each.rows, "retired": each.retired} for each in done}
    return await record_action(session, _action(), "done", {"heads": heads, "sealed": told})


def _action() -> Action:
    return Action("audit.seal", ", ".join(COLUMNS), "", "insert into emr_console.seal ...")


def midnight(day: date) -> datetime:
    """The beginning of a day, UTC."""
    return datetime.combine(day, time(), UTC)
