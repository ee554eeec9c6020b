"""knex's own tables, kept true where they exist and never made: the platform's older tools still look there."""

from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, Exit
from console.migrate.server_models import YesNo
from console.migrate.step import Step, Up
from console.migrate.trust import require_trusted

_ADD = Query(__package__, "knex_add")
_REMOVE = Query(__package__, "knex_remove")
_TAKE_LOCK = Query(__package__, "knex_take_lock")
_FREE_LOCK = Query(__package__, "knex_free_lock")
_LOCK = Query(__package__, "knex_lock")
_HOLD_NAMES = Query(__package__, "knex_hold_names")
_HOLD_LOCK = Query(__package__, "knex_hold_lock")


async def record(session: Session, step: Step, batch: int | None) -> None:
    """Write a finished step into knex's table, in the step's transaction."""
    await _hold(session, _HOLD_NAMES)
    name = f"{step.label}.ts"
    if isinstance(step, Up):
        await session.run(_ADD, name=name, batch=batch)
    else:
        await session.run(_REMOVE, name=name)


async def take_lock(session: Session) -> bool:
    """Set knex's lock row, in a transaction; True if there was one to set. ConsoleError, exit 10, where it is set."""
    await _hold(session, _HOLD_LOCK)
    if await session.run(_TAKE_LOCK) > 0:
        return True
    if await is_locked(session):
        raise ConsoleError(
            "knex_migrations_lock says is_locked = 1: knex runs now, or a run of it died.",
            state="Nothing was changed.",
            hint="Wait until knex has ended, then try again. If none runs any more, free its lock:"
            " emr-console migrate resolve --knex-lock --reason TEXT.",
            exit=Exit.LOCKED,
        )
    return False


async def is_locked(session: Session) -> bool:
    """Whether knex's lock row is set."""
    return (await session.fetch_one(_LOCK, YesNo)).yes


async def free_lock(session: Session) -> None:
    """Let knex run again, in a transaction."""
    await _hold(session, _HOLD_LOCK)
    await session.run(_FREE_LOCK)


async def _hold(session: Session, table: Query) -> None:
    """Keep the table as it is until the transaction ends, then see that it is harmless.

    Its owner may have hung a trigger on it since the run began; with the lock held he no longer can.
    """
    await session.run(table)
    await require_trusted(session)
