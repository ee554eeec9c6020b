"""Refuses whoever sees only a part of the rows, and writes audit rows about the whole of a change."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import console
from console.db import operator
from console.db.query import Query
from console.db.roles import become
from console.db.session import Session
from console.db.target import Target
from console.errors import NoPrivilege, Refused
from console.migrate import trust
from console.services.audit.strangers import id_of
from console.services.bulk.models import Deed, Detail, Sight

SETTINGS = {"row_security": "off"}
"""Of a session that changes many rows: should rows be hidden after all, the server refuses instead of hiding them."""

SIGHT = Query(__package__, "sight")
SIGN = Query(__package__, "sign")
RECORD = Query(__package__, "record")


@asynccontextmanager
async def opened(
    target: Target, lane: str, role: str | None, *, settings: Mapping[str, str] = SETTINGS, read_only: bool = False
) -> AsyncIterator[Session]:
    """A session for a change of many rows, as the role that migrations run under; None stays the one that logged in."""
    async with await trust.opened(target, lane, settings=settings, read_only=read_only, role=role) as session:
        await become(session, role)
        yield session


async def require_every_row(session: Session, *tables: str) -> None:
    """Refuse a role from which row-level security hides rows of these tables."""
    for sight in await session.fetch(SIGHT, Sight, tables=list(tables)):
        if sight.partial:
            user = (await session.server()).user
            raise Refused(
                f"Row-level security hides rows of {sight.table} from {user}, who would take a part for the whole.",
                state="Nothing was changed.",
                hint=f"Connect as {sight.owner}, who owns {sight.table}, or as a role with BYPASSRLS, or name it as"
                " migrate.role in the profile.",
            )


async def sign(session: Session, deed: Deed) -> None:
    """Give the audit rows that triggers write in this transaction their author and their deed."""
    who = await _who(session)
    await session.run(SIGN, deed=str(deed.id), operator=who["operator"], stranger=who["stranger"])


async def record(session: Session, deed: Deed, stage: str, detail: Detail | None = None) -> None:
    """Write one audit row about a deed; Refused where our role may not, for nothing is changed without one."""
    here = operator.current()
    metadata = {"what": deed.what, "stage": stage, "reason": deed.reason, "operator": here.user, "host": here.host}
    try:
        rows = await session.run(
            RECORD,
            action=deed.action,
            entity_type=deed.entity_type,
            deed=str(deed.id),
            tool=f"emr-console/{console.__version__}",
            metadata=json.dumps(metadata | dict(detail or {})),
            **await _who(session),
        )
    except NoPrivilege as error:
        raise Refused(
            f"This cannot be recorded in the audit log. {error.message}",
            state="Nothing was changed.",
            hint="Connect as a role that may insert into audit_logs and read users.",
            sqlstate=error.sqlstate,
        ) from error
    if rows != 1:
        raise Refused(
            "The audit log took the event without an error, but wrote no row.",
            state="Nothing was changed.",
            hint="Look at the triggers and rules of audit_logs.",
        )


async def _who(session: Session) -> dict[str, str]:
    """The operator, and the id he has if he is no user of the platform."""
    logged_in_as = (await session.server()).session_user
    return {"operator": operator.current().user, "stranger": str(id_of(logged_in_as))}
