"""Carries a plan out: briefly waiting for locks, in one transaction where it may be, and written down either way."""

from asyncio import CancelledError
from contextlib import nullcontext, suppress
from time import monotonic

from console.db.committing import CommittedAnyway
from console.db.session import Session
from console.errors import ConsoleError, Refused, StatementFailed
from console.migrate.fingerprint.snapshot import ours
from console.services.events import Action, record_action
from console.services.storage_actions.plan import Done, Plan, Said
from console.services.storage_actions.waiting import until_locked
from console.sql.lexer import mask

FRESH = {"default_transaction_isolation": "read committed"}
"""Whoever waits for a lock must then see what was written until he had it: the older rows would be moved, the others
lost."""


async def perform(session: Session, plan: Plan, reason: str) -> Done:
    """Carry it out on a session that may write, and record it, also when it fails.

    Raises what stands in the way: a guard's Refused, LockTimeout with who has the lock, or what the server said.
    """
    began = monotonic()
    action = Action(plan.kind, plan.target, reason, mask(plan.sql))
    try:
        await session.adjust({"statement_timeout": str(plan.patience), **FRESH})
        if not plan.by_itself:  # what commits as it goes leaves less behind when it comes to its end
            await notice_death(session)
        async with ours(session) if plan.lasts else nullcontext():
            said = await until_locked(session, lambda: _once(session, plan), plan.schedule)
    except BaseException as error:
        if isinstance(error, StatementFailed):
            with suppress(ConsoleError):  # what happened before is the news
                error.state = await plan.left(session)
        await record_action(session, action, outcome(error), _detail(began, told(error)))
        raise
    seconds = monotonic() - began
    kept = await record_action(session, action, "done", _detail(began, said.sentence) | dict(said.detail))
    return Done(said, seconds, kept)


async def notice_death(session: Session) -> None:
    """Let the server end our statement soon after we have died, so that its locks are free for others."""
    with suppress(StatementFailed):  # servers on some systems cannot watch their client
        await session.adjust({"client_connection_check_interval": "1000"})


async def _once(session: Session, plan: Plan) -> Said:
    async with nullcontext() if plan.by_itself else session.transaction():
        await plan.check(session)
        for statement in plan.statements:
            await session.execute(statement)
        return await plan.verify(session)


def outcome(error: BaseException) -> str:
    """What became of something that was stopped by an error, in one word."""
    if isinstance(error, CommittedAnyway):
        return "done"
    if isinstance(error, CancelledError):
        return "stopped"
    return "refused" if isinstance(error, Refused) else "failed"


def told(error: BaseException) -> str:
    """What is written down of an error: a sentence of ours, or only its kind."""
    if isinstance(error, CommittedAnyway):
        return "It was given up when it was committed already."
    return error.message if isinstance(error, ConsoleError) else type(error).__name__


def _detail(began: float, message: str) -> dict[str, object]:
    return {"seconds": round(monotonic() - began, 3), "message": message}
