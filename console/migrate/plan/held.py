"""No rollback destroys what is under legal hold, backup or not: a hold is released by a person, or it stands."""

from collections.abc import Iterable, Mapping, Sequence

from console.db.query import Query
from console.db.session import Session
from console.errors import Refused
from console.migrate.failed import ROLLED_BACK
from console.migrate.kinds.analyse import analyse
from console.migrate.plan import weighing
from console.migrate.plan.fate import Gone
from console.migrate.plan.models import Facts, HeldTable
from console.migrate.plan.reports import Hold
from console.migrate.selection import UNCHANGED
from console.migrate.server_models import YesNo
from console.sql.lexer import Statement

DESTROYED = frozenset({"table", "rows", "column", "values"})
"""What of a table may not go while it is held."""

_THERE = Query(__package__, "holds_there")
_HELD = Query(__package__, "held")


async def holds(session: Session, lost: Iterable[Gone], facts: Mapping[str, Facts]) -> list[Hold]:
    """The holds on tables of which rows or columns would be destroyed, the oldest first."""
    names = [facts[each.relation].name for each in lost if each.kind in DESTROYED and each.relation in facts]
    if not names or not (await session.fetch_one(_THERE, YesNo)).yes:
        return []
    return [Hold(found.table, found.hold, found.by) for found in await session.fetch(_HELD, HeldTable, names=names)]


async def refuse_held(
    session: Session, lost: Iterable[Gone], facts: Mapping[str, Facts], *, state: str = UNCHANGED
) -> None:
    """Stop before rows or columns of a held table are destroyed."""
    for hold in await holds(session, lost, facts):
        raise Refused(
            f'This would destroy what {hold.table} holds, which is under legal hold: "{hold.hold}" of {hold.by}.',
            state=state,
            hint=f"Whoever placed it can release it: emr-console retention release {hold.table} --reason TEXT.",
        )


async def refuse_held_by(session: Session, statements: Sequence[Statement]) -> None:
    """The same of these statements, inside the transaction that is about to run them."""
    found = [analyse(statement) for statement in statements]
    facts, fate = await weighing.before(session, found)
    for each in found:
        fate.run(each)
    await refuse_held(session, fate.lost(fate.gone), facts, state=ROLLED_BACK)
