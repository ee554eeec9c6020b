"""Compares roles and rights with what they should be, and changes what differs."""

from collections.abc import Sequence

from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, Exit, NoPrivilege
from console.services.roles import wanted
from console.services.roles.changes import decide
from console.services.roles.models import Change, Place, Relation, Right, Role

ROLES = Query(__package__, "roles")
RELATIONS = Query(__package__, "relations")
RIGHTS = Query(__package__, "rights")
PLACE = Query(__package__, "place")


async def plan(session: Session) -> list[Change]:
    """The statements that would give everybody the rights he should have, with reasons; changes nothing."""
    ours = list(wanted.LOGIN)
    return decide(
        await session.fetch_one(PLACE, Place, audit_owner=wanted.AUDIT_OWNER),
        await session.fetch(ROLES, Role, roles=ours),
        await session.fetch(RELATIONS, Relation, relations=list(wanted.RELATIONS), audit_owner=wanted.AUDIT_OWNER),
        await session.fetch(RIGHTS, Right, roles=ours, relations=list(wanted.RELATIONS), audit=list(wanted.AUDIT)),
    )


async def apply(session: Session, confirmed: Sequence[Change]) -> None:
    """Execute what was confirmed, all of it or nothing.

    Raises ConsoleError (exit 14) when something else would be needed by now.
    """
    async with session.transaction():
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
        if await plan(session):
            raise NoPrivilege(
                "Some of these rights are not this role's to give or take.",
                state="Nothing was changed.",
                hint="Connect as a superuser, or as the owner of what the plan names.",
            )
