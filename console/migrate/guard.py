"""What is looked at between the lock and the first statement: rules, the plan that was agreed to, stall and loss."""

from collections.abc import Sequence

from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.errors import Refused
from console.migrate.lint.linted import is_linted
from console.migrate.requirements import require_scripts
from console.migrate.selection import UNCHANGED
from console.migrate.server_models import YesNo
from console.migrate.standing import Standing
from console.migrate.step import Down, Step
from console.migrate.terms import Terms

_ROWS_THERE = Query(__package__, "rows_there")


async def admit(session: Session, standing: Standing, steps: Sequence[Step], terms: Terms, target: str) -> None:
    """Refuse steps that this server cannot run, that a rule forbids, or that destroy what has to be kept.

    Also those that nobody has agreed to as they are now: another plan, a longer stall. What needs the statements read
    is left out where its answer is known: files that were linted as they are, a database without rows.
    """
    require_scripts(standing, [step.script for step in steps])
    ours = is_linted(standing.migrations)
    if ours:
        await _require_public(session, standing)
    if any(isinstance(step, Down) and step.stored for step in steps) or not ours:
        from console.migrate.lint.gate import refuse_lint

        refuse_lint(standing.migrations, steps)
    there = (await session.fetch_one(_ROWS_THERE, YesNo)).yes
    if terms.plan is None and not there:
        return
    from console.migrate.plan import service

    if terms.plan is not None:
        await service.refuse_outdated(session, standing, steps, target, terms.plan)
    if there:
        await service.refuse_harm(session, steps, terms.accept_stall, backed_up=terms.backed_up)


async def _require_public(session: Session, standing: Standing) -> None:
    """Refuse where our files would make their tables elsewhere, or take another table for the one that is meant."""
    first = standing.presence.makes_in
    if first == "public":
        return
    server = await session.server()
    path = f"ALTER ROLE {quote(server.user)} IN DATABASE {quote(server.database)} SET search_path = public;"
    raise Refused(
        f"Schema {first} comes before public on the search path of {server.user}, and our tables are in public."
        if first
        else f"The search path of {server.user} does not lead to schema public, where our tables are.",
        state=UNCHANGED,
        hint=f"That role can mend it: {path}",
    )
