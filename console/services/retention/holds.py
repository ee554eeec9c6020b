"""The legal holds that stand, and the refusal to drop rows of a table that is held."""

from collections.abc import Sequence

from console.db.query import Query
from console.db.session import Session
from console.errors import Refused, StatementFailed, UsageError
from console.migrate.holds import KEY
from console.services.retention.models import Hold, Place, Sight

UNCHANGED = "Nothing was changed."

STANDING = Query(__package__, "standing")
"""The holds that stand, of the table `table_schema`, `table_name`; of all where both are null."""

SIGHT = Query(__package__, "sight")
"""Whether they can be read, which has to be asked before."""

_PLACE = Query(__package__, "place")
_DROP_STILL = Query(__package__, "drop_still")


async def find(session: Session, table: str) -> Place:
    """The table that a person has named, as SQL would spell it; without a schema it is one of public's."""
    try:
        found = await session.fetch(_PLACE, Place, table=table)
    except StatementFailed as error:
        if error.sqlstate not in ("22023", "42602"):
            raise
        found = []
    if not found:
        raise UsageError(
            f"There is no table {table} here that could be held.",
            state=UNCHANGED,
            hint="Name a table as SQL would, such as audit_logs or reports.visits; partitions and chunks go with it.",
        )
    return found[0]


async def standing(session: Session, place: Place | None = None) -> list[Hold]:
    """The holds that stand, of one table or of all; a database whose ledger has no place for them yet has none.

    Refused where our role cannot see them: that is not the same as none.
    """
    sight = await session.fetch_one(SIGHT, Sight)
    if not sight.there:
        return []
    if not sight.readable:
        raise Refused(
            "Legal holds may stand here, and this role cannot see them all.",
            state=UNCHANGED,
            hint="A superuser can show them: GRANT pg_monitor to this role; emr_console.hold must be a plain table.",
        )
    where = place.model_dump() if place else {"table_schema": None, "table_name": None}
    return await session.fetch(STANDING, Hold, **where)


async def require_free(session: Session, place: Place) -> None:
    """Refuse to drop rows of a table that is held.

    Belongs into the transaction that drops them: no hold can be placed from here to its end.
    """
    await session.run(_DROP_STILL, **KEY)
    found = await standing(session, place)
    if found:
        raise held(place.told, found)


def held(table: str, holds: Sequence[Hold]) -> Refused:
    """The refusal that names the holds of a table."""
    name = holds[0].name if len(holds) == 1 else "NAME"
    return Refused(
        f"{table} is under legal hold: {'; '.join(hold.told for hold in holds)}.",
        state=UNCHANGED,
        hint=f"Whoever placed it can release it: emr-console retention release {table} --name '{name}' --reason TEXT.",
    )
