"""What is looked at between the lock and the first statement: rules, the plan that was agreed to, stall and loss."""

from collections.abc import Sequence

from console.db.query import Query
from console.db.session import Session
from console.migrate.lint.linted import is_linted
from console.migrate.requirements import require_scripts
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
    if any(isinstance(step, Down) and step.stored for step in steps) or not is_linted(standing.migrations):
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
