"""No rollback destroys what is under legal hold, backup or not: a hold is released by a person, or it stands."""

from collections.abc import Iterable, Mapping

from console.db.query import Query
from console.db.session import Session
from console.errors import Refused
from console.migrate.plan.fate import Gone
from console.migrate.plan.models import Facts, HeldTable
from console.migrate.server_models import Held

DESTROYED = frozenset({"table", "rows", "column", "values"})
"""What of a table may not go while it is held."""

_THERE = Query(__package__, "holds_there")
_HELD = Query(__package__, "held")


async def refuse_held(session: Session, lost: Iterable[Gone], facts: Mapping[str, Facts]) -> None:
    """Stop before rows or columns of a held table are destroyed."""
    names = [facts[each.relation].name for each in lost if each.kind in DESTROYED and each.relation in facts]
    if not names or not (await session.fetch_one(_THERE, Held)).held:
        return
    for table in await session.fetch(_HELD, HeldTable, names=names):
        raise Refused(
            f'This would destroy what {table.table} holds, which is under legal hold: "{table.hold}" of {table.by}.',
            state="Nothing was changed.",
            hint=f"Whoever placed it can release it: emr-console retention release {table.table} --reason TEXT.",
        )
