"""Placing and releasing legal holds; a table's retention policy pauses with the first and goes on after the last."""

from collections.abc import Sequence
from contextlib import suppress

from console.db import operator
from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, Refused, UsageError
from console.migrate import ledger
from console.migrate.fingerprint.snapshot import ours
from console.migrate.holds import KEY
from console.services.capabilities import Ability, Capabilities, probed
from console.services.events import Action, Kept, record_action
from console.services.retention.holds import UNCHANGED, find, held, standing
from console.services.retention.models import Change, Hold, Place, Policy
from console.services.rights import LEDGER, naming

NAME = "legal hold"
"""What a hold is called where nobody gives it a name."""

SETTINGS = {"lock_timeout": "10000", "default_transaction_isolation": "read committed"}
"""Of a session that places or releases: it waits for drops that are under way, and must then see what they left."""

_HOLD = Query(__package__, "hold")
_RELEASE = Query(__package__, "release")
_POLICIES = Query(__package__, "policies")
_SCHEDULE = Query(__package__, "schedule")
_HOLD_STILL = Query(__package__, "hold_still")


async def place(session: Session, table: str, name: str, reason: str) -> Change:
    """Hold a table, as SQL would spell its name, and pause its retention policy; both or neither, and recorded."""
    where = await find(session, table)
    abilities = await probed(session)
    async with naming(session, LEDGER, UNCHANGED):
        await ledger.ready(session)
    try:
        async with naming(session, LEDGER, UNCHANGED), ours(session), session.transaction():
            hold, others, policies = await _place(session, abilities, where, name, reason)
    except ConsoleError as error:
        await _record(session, "hold", where.told, name, reason, error)
        raise
    paused = [policy.job_id for policy in policies if policy.scheduled]
    kept = await _record(session, "hold", where.told, name, reason, jobs=paused)
    running = [policy.job_id for policy in policies if policy.running]
    return Change(hold, paused, running, [other.name for other in others], kept.sentence)


async def _place(
    session: Session, abilities: Capabilities, where: Place, name: str, reason: str
) -> tuple[Hold, list[Hold], list[Policy]]:
    await session.run(_HOLD_STILL, **KEY)
    others = await standing(session, where)
    if any(other.name == name for other in others):
        raise held(where.told, [other for other in others if other.name == name])
    policies = await _policies(session, abilities, where)
    await _schedule(session, abilities, [policy.job_id for policy in policies if policy.scheduled], on=False)
    hold = await session.fetch_one(
        _HOLD,
        Hold,
        **where.model_dump(),
        name=name,
        reason=reason,
        placed_by=str(operator.current()),
        paused_jobs=_still(policies, others),
    )
    return hold, others, policies


def _still(policies: Sequence[Policy], others: Sequence[Hold]) -> list[int]:
    """The jobs that stand still for a new hold: those that run until now, and those that older holds have paused.

    >>> policies = [Policy(job_id=1, scheduled=True, running=False), Policy(job_id=2, scheduled=False, running=False)]
    >>> _still(policies, [])
    [1]
    """
    before = {job for other in others for job in other.paused_jobs}
    return [policy.job_id for policy in policies if policy.scheduled or policy.job_id in before]


async def release(session: Session, table: str, name: str | None, reason: str) -> Change:
    """Release the hold of that name, or the only one; after the table's last one its retention policy goes on."""
    hold = await chosen(session, table, name)
    where = Place(table_schema=hold.table_schema, table_name=hold.table_name)
    abilities = await probed(session)
    async with naming(session, LEDGER, UNCHANGED):
        await ledger.ready(session)
    try:
        async with naming(session, LEDGER, UNCHANGED), ours(session), session.transaction():
            others, resumed = await _release(session, abilities, where, hold, reason)
    except ConsoleError as error:
        await _record(session, "release", where.told, hold.name, reason, error)
        raise
    kept = await _record(session, "release", where.told, hold.name, reason, jobs=resumed)
    return Change(hold, resumed, [], [other.name for other in others], kept.sentence)


async def _release(
    session: Session, abilities: Capabilities, where: Place, hold: Hold, reason: str
) -> tuple[list[Hold], list[int]]:
    await session.run(_HOLD_STILL, **KEY)
    if not await session.run(_RELEASE, id=hold.id, reason=reason, released_by=str(operator.current())):
        raise Refused(f'The hold "{hold.name}" on {where.told} has just been released by somebody.', state=UNCHANGED)
    others = await standing(session, where)
    if others:
        return others, []
    policies = await _policies(session, abilities, where)
    paused = [policy.job_id for policy in policies if policy.job_id in hold.paused_jobs and not policy.scheduled]
    await _schedule(session, abilities, paused, on=True)
    return [], paused


async def chosen(session: Session, table: str, name: str | None) -> Hold:
    """The hold that is meant; the table may be gone by now, so it is looked for among the holds."""
    with suppress(UsageError):
        table = (await find(session, table)).told
    found = [hold for hold in await standing(session) if table in (hold.table_name, hold.table)]
    named = [hold for hold in found if name in (None, hold.name)]
    if len(named) == 1:
        return named[0]
    there = "; ".join(f"{hold.table}: {hold.told}" for hold in found)
    raise UsageError(
        f"{table} is under {len(found)} holds." if named else f"{table} is under no {'such ' if name else ''}hold.",
        state=UNCHANGED,
        hint=f"Name one of them with --name: {there}."
        if there
        else "emr-console retention lists tables and their holds.",
    )


async def _policies(session: Session, abilities: Capabilities, where: Place) -> list[Policy]:
    return await session.fetch(_POLICIES, Policy, **where.model_dump()) if abilities.has(Ability.POLICIES) else []


async def _schedule(session: Session, abilities: Capabilities, jobs: Sequence[int], *, on: bool) -> None:
    for job in jobs:
        await session.run(_SCHEDULE.in_schema(abilities.probe.schema_ or "public"), job=job, on=on)


async def _record(
    session: Session,
    what: str,
    table: str,
    name: str,
    reason: str,
    error: ConsoleError | None = None,
    jobs: Sequence[int] = (),
) -> Kept:
    sql = "insert into emr_console.hold ..." if what == "hold" else "update emr_console.hold set released_at ..."
    action = Action(f"retention.{what}", table, reason, sql)
    outcome = "done" if error is None else f"not done: {error.message}"
    return await record_action(session, action, outcome, {"hold": name, "jobs": list(jobs)})
