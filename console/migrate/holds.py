"""Legal holds inside the transaction that destroys: those that stand are seen, and none is placed before its end."""

from collections.abc import Sequence

from console.db.query import Query
from console.db.session import Session
from console.migrate import lock
from console.migrate.server_models import YesNo
from console.sql.lexer import Statement

KEY = {**lock.KEY, "key": 3}
"""Two integers of the lock between whoever places or releases a hold and whoever destroys rows."""

_STAND_STILL = Query(__package__, "holds_stand_still")
_STAND = Query(__package__, "holds_stand")


async def refuse_held_now(session: Session, statements: Sequence[Statement]) -> None:
    """Refused where these statements would destroy what is held by now; belongs before the first of them."""
    await session.run(_STAND_STILL, **KEY)
    await refuse_held_yet(session, statements)


async def refuse_held_yet(session: Session, statements: Sequence[Statement]) -> None:
    """The same for what cannot run in a transaction: a hold that is placed from here on comes too late."""
    if (await session.fetch_one(_STAND, YesNo)).yes:
        from console.migrate.plan.held import refuse_held_by  # reads statements, which takes its time

        await refuse_held_by(session, statements)
