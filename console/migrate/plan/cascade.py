"""What CASCADE takes with it, asked of the catalogue: views, columns of a type, everything in a schema, and so on."""

from collections.abc import Iterable, Mapping, Sequence

from console.db.query import Query
from console.db.session import Session
from console.migrate.kinds.models import Analysis, Object
from console.migrate.plan.fate import ROWS, Fate, Gone, cascades
from console.migrate.plan.models import Taken
from console.migrate.plan.names import plain, relations

_DROPPED = Query(__package__, "dropped")
_EMPTIED = Query(__package__, "emptied")


async def taken(session: Session, analyses: Sequence[Analysis]) -> dict[Object, list[Gone]]:
    """For Fate: what goes today with each object that these statements name; nothing is asked where none cascades."""
    statements = [each for whole in analyses for each in whole.flat()]
    if not any(cascades(action) for each in statements for action in each.actions):
        return {}
    things = _named(statements)
    columns = {"kinds": [each.kind for each in things], "names": [each.name for each in things]}
    dropped = await session.fetch(_DROPPED, Taken, **columns, ofs=[each.of for each in things])
    tables = [Object(ROWS, name) for name in sorted(set(relations(analyses)))]
    emptied = await session.fetch(_EMPTIED, Taken, names=[each.name for each in tables])
    found: dict[Object, list[Gone]] = {}
    for asked, rows in ((things, dropped), (tables, emptied)):
        for row in rows:
            found.setdefault(asked[row.number - 1], []).append(Gone(row.kind, plain(row.relation), row.part))
    return found


def _named(statements: Iterable[Analysis]) -> list[Object]:
    """Everything that could be dropped with CASCADE by the time it is, by the name that it has today."""
    nothing_done = Fate()
    spoken = [thing for each in statements for action in each.actions for thing in (*action.drops, *action.alters)]
    spoken += [Object("table", name) for name in relations(statements)]
    return sorted({key for key in map(nothing_done.catalogued, spoken) if key is not None}, key=str)


def names(found: Mapping[Object, Sequence[Gone]]) -> set[str]:
    """Every relation that goes with something."""
    return {gone.relation for each in found.values() for gone in each if gone.counted}
