"""An emergency rollback that was refused or stopped is written down, so that history tells of it, too."""

from console.db.query import Query
from console.errors import ConsoleError
from console.migrate.run import Run

_RECORD = Query(__package__, "record_stopped")


async def write_down(run: Run, kind: str, message: str, reason: str | None = None) -> None:
    """Append why it did not come to pass; `reason` is the person's, where it had not yet become a run.

    Never raises: what has stopped it is the news.
    """
    try:
        await run.session.run(
            _RECORD, run=run.id, kind=kind, operator=str(run.operator), message=message, reason=reason
        )
    except ConsoleError as error:
        run.tell("note", message=f"That it stopped could not be written into the ledger. {error.message}")
