"""What keeps a retention job from dropping what must be kept: the floor under audit tables, and legal holds."""

from collections.abc import Mapping
from typing import Any

from console.db.query import Query
from console.db.session import Session
from console.errors import Refused, StatementFailed, UsageError
from console.phi import is_audit
from console.services.jobs.server_models import JobRow, Span
from console.services.jobs.timescale import kind_of
from console.services.retention import floor, holds
from console.services.retention.models import Place

_SPAN = Query(__package__, "span")


def drops_rows(row: JobRow) -> bool:
    """Whether a run of it drops rows."""
    return kind_of(row) == "retention" and row.table_name is not None


def place_of(row: JobRow) -> Place:
    """The table that it works on."""
    return Place(table_schema=row.table_schema or "", table_name=row.table_name or "")


async def require_kept(session: Session, row: JobRow, config: Mapping[str, Any]) -> str:
    """Refuse a retention policy that drops audit rows below the floor; what a person should know of it, or nothing."""
    table = place_of(row).told
    if not drops_rows(row) or not is_audit(table):
        return ""
    return floor.require(table, floor.interval_days(await kept_for(session, config))).sentence


async def require_startable(session: Session, row: JobRow) -> str:
    """Refuse to start what would drop rows below the floor, or of a table that is held; what a person should know."""
    warning = await require_kept(session, row, row.settings)
    if drops_rows(row) and (found := await holds.standing(session, place_of(row))):
        raise holds.held(place_of(row).told, found)
    return warning


async def require_free(session: Session, row: JobRow) -> None:
    """The same of holds in the transaction that starts it: none can be placed from here to its end."""
    if drops_rows(row):
        await holds.require_free(session, place_of(row))


async def kept_for(session: Session, config: Mapping[str, Any]) -> float:
    """Seconds for which a retention policy keeps rows."""
    said = config.get("drop_after", config.get("drop_created_before"))
    if not isinstance(said, str):
        raise Refused(
            "How long this policy keeps rows cannot be told from its configuration.",
            state=holds.UNCHANGED,
            hint='An interval in drop_after can, such as {"drop_after": "7 years"}.',
        )
    return await span(session, said)


async def span(session: Session, text: str) -> float:
    """Seconds of an interval as PostgreSQL reads it; UsageError where it is none."""
    try:
        return (await session.fetch_one(_SPAN, Span, text=text)).seconds
    except StatementFailed as error:
        if (error.sqlstate or "")[:2] != "22":
            raise
        raise UsageError(
            f"PostgreSQL reads no interval in {text!r}.", state=holds.UNCHANGED, hint="Such as '1 day' or '90 minutes'."
        ) from None
