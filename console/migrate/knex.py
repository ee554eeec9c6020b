"""knex's own tables, kept true where they exist and never made: the platform's older tools still look there."""

from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, Exit
from console.migrate.models import Held
from console.migrate.step import Step, Up

_ADD = Query(__package__, "knex_add")
_REMOVE = Query(__package__, "knex_remove")
_TAKE_LOCK = Query(__package__, "knex_take_lock")
_FREE_LOCK = Query(__package__, "knex_free_lock")
_LOCK = Query(__package__, "knex_lock")


async def record(session: Session, step: Step, batch: int | None) -> None:
    """Write a finished step into knex's table, in the step's transaction."""
    name = f"{step.label}.ts"
    if isinstance(step, Up):
        await session.run(_ADD, name=name, batch=batch)
    else:
        await session.run(_REMOVE, name=name)


async def take_lock(session: Session) -> bool:
    """Set knex's lock row; True if there was one to set. ConsoleError with exit 10 where somebody has it."""
    if await session.run(_TAKE_LOCK) > 0:
        return True
    if (await session.fetch_one(_LOCK, Held)).held:
        raise ConsoleError(
            "knex_migrations_lock says is_locked = 1: knex runs now, or a run of it died.",
            state="Nothing was changed.",
            hint="Try again when it has ended; if no knex runs, free it with knex migrate:unlock.",
            exit=Exit.LOCKED,
        )
    return False


async def free_lock(session: Session) -> None:
    """Let knex run again."""
    await session.run(_FREE_LOCK)
