"""Runs the steps one after the other; each by itself, so that one that fails keeps none of the others from its work."""

from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext

from console.db.database import LANES
from console.db.query import Query
from console.db.session import Session
from console.errors import UsageError
from console.phi import AUDIT_TABLES
from console.services.alone import Work, alone
from console.services.maintain import steps
from console.services.maintain.models import Result, Standing
from console.services.rights import OWNER, naming
from console.services.storage_actions.performing import notice_death

MAINTAINING = Work(4, "maintain", "maintaining this database", "Let it end: it does all that there is to do.")
"""One at a time: two would wait for each other's locks, and everybody else behind them."""

SETTINGS = LANES["act"]
"""Of its session, before each step sets how long it may wait and run."""

_LOOKED_AT = {f"public.{table}{part}": ("SELECT",) for table in AUDIT_TABLES for part in ("", "_default")}
"""What a dry run reads."""

_CHANGED = dict.fromkeys(_LOOKED_AT, ("SELECT", OWNER))
"""A run makes and drops partitions, too."""

_STANDING = Query(__package__, "standing")


async def maintain(session: Session, terms: steps.Terms, tell: Callable[[Result], None]) -> list[Result]:
    """Do everything that is due, telling each result at once; ConsoleError with exit 10 while somebody else does.

    A dry run changes nothing and waits for nobody; its session may be read-only.
    """
    standing = await require_standing(session)
    await notice_death(session)
    results = []
    needed = _LOOKED_AT if terms.dry_run else _CHANGED
    state = "Nothing was changed." if terms.dry_run else "What was done before stays; nothing else was changed."
    turn = nullcontext() if terms.dry_run else alone(session, MAINTAINING)
    async with naming(session, needed, state), turn:
        async for result in _all(session, terms, standing):
            results.append(result)
            tell(result)
    return results


async def require_standing(session: Session) -> Standing:
    """What there is to maintain; UsageError where there is nothing."""
    standing = await session.fetch_one(_STANDING, Standing)
    if not standing.audit:
        raise UsageError(
            "This database has no audit tables, so there is nothing to maintain.",
            state="Nothing was changed.",
            hint="Run emr-console migrate up first.",
        )
    return standing


async def _all(session: Session, terms: steps.Terms, standing: Standing) -> AsyncIterator[Result]:
    work = steps.Steps(session, terms)
    parts = (work.partitions, work.retire, work.refresh) if standing.weeks else (work.refresh,)
    for part in parts:
        async for result in part():
            yield result
