"""Compares roles and rights with what they should be, and changes what differs."""

from collections.abc import Collection, Sequence

from console.db.pipeline import Request
from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, Exit, NoPrivilege
from console.services.roles import wanted
from console.services.roles.changes import decide, lacking
from console.services.roles.models import Change, Place, Relation, Right, Role
from console.units import number_of

_PARAMS: dict[str, object] = {
    "roles": list(wanted.LOGIN),
    "relations": list(wanted.RELATIONS),
    "audit": list(wanted.AUDIT),
    "audit_owner": wanted.AUDIT_OWNER,
}
_PLACE = Request(Query(__package__, "place"), Place, _PARAMS)
_ROLES = Request(Query(__package__, "roles"), Role, _PARAMS)
_RELATIONS = Request(Query(__package__, "relations"), Relation, _PARAMS)
_RIGHTS = Request(Query(__package__, "rights"), Right, _PARAMS)


async def plan(session: Session) -> list[Change]:
    """The statements that would give everybody the rights he should have, with reasons; changes nothing."""
    return decide(*await _facts(session))


async def complaint(session: Session) -> str | None:
    """What our roles lack, as a sentence; None when nothing differs from the plan, or none of them exists."""
    facts = await _facts(session)
    _, roles, _, _ = facts
    if not roles or not decide(*facts):
        return None
    lacks = [f"{role} lacks rights on {_tables(names)}" for role, names in lacking(*facts).items()]
    if not lacks:
        return "Roles or rights are not as they should be: see emr-console roles plan."
    return f"{', '.join(lacks)}: emr-console roles apply."


async def _facts(session: Session) -> tuple[Place, list[Role], list[Relation], list[Right]]:
    answers = await session.pipeline(_PLACE, _ROLES, _RELATIONS, _RIGHTS)
    (place,) = answers.rows(_PLACE)
    return place, answers.rows(_ROLES), answers.rows(_RELATIONS), answers.rows(_RIGHTS)


def _tables(names: Collection[str]) -> str:
    return number_of(len(names), "table")


async def apply(session: Session, confirmed: Sequence[Change]) -> None:
    """Execute what was confirmed, all of it or nothing.

    Raises ConsoleError (exit 14) when something else would be needed by now.
    """
    from console.migrate.fingerprint.snapshot import ours  # who only looks needs no ledger

    async with ours(session), session.transaction():
        if await plan(session) != list(confirmed):
            raise ConsoleError(
                "Roles or rights have changed since the plan was shown.",
                state="Nothing was changed.",
                hint="Look at the new plan: emr-console roles plan.",
                exit=Exit.PLAN_OUTDATED,
            )
        for change in confirmed:
            await session.execute(change.statement)
        # Where somebody else must give a right, PostgreSQL only warns, and nothing has changed.
        if left := await plan(session):
            raise NoPrivilege(
                f"{len(left)} of these changes are not this role's to make, such as: {left[0].statement}.",
                state="Nothing was changed.",
                hint="Connect as a superuser, or as the owner of what the plan names.",
            )
