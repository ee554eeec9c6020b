"""Whether what a rollback destroys is in a backup of ours: the ledger tells of those that were proved."""

from console.db.query import Query
from console.db.session import Session
from console.errors import NoPrivilege
from console.migrate.plan.models import BackedUp
from console.migrate.plan.reports import LastBackup

_LAST = Query(__package__, "last_backup")


async def last_backup(session: Session, *, ledger: bool) -> LastBackup:
    """The newest one; `ledger` says whether there is one in which it could be written down."""
    if not ledger:
        return LastBackup()
    try:
        found = await session.fetch(_LAST, BackedUp)
    except NoPrivilege as error:
        return LastBackup(note=error.message)
    return LastBackup(found[0].at, found[0].directory) if found else LastBackup()
