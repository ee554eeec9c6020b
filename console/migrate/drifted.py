"""What others have changed since the last run, told at the beginning of the next one: afterwards nobody sees it."""

from console.db.query import Query
from console.errors import ConsoleError, Refused
from console.migrate.run import Run
from console.migrate.selection import UNCHANGED
from console.migrate.standing import Standing

_RECORD = Query(__package__, "record_drift")


async def tell_drift(run: Run, standing: Standing, *, reason: str | None) -> None:
    """Say it and write it down: what the run leaves becomes the schema as it should be.

    On production it is migrated over only with a reason.
    """
    if not standing.books.recorded:
        return
    from console.migrate.fingerprint.snapshot import SchemaDrift, schema_drift  # a first run has nothing to look for

    try:
        drift = await schema_drift(run.session)
    except ConsoleError as error:  # a run does not depend on it
        drift = SchemaDrift.unknown(error)
    if drift.difference and not reason and run.target.guarded(standing.server.environment):
        raise Refused(
            f"{drift.sentence()} On production it is migrated over only with a reason.",
            state=UNCHANGED,
            hint="Look at what was changed (emr-console migrate status), then add --reason TEXT.",
        )
    if said := drift.sentence():
        run.tell("note", message=said)
    if drift.difference:
        await run.session.run(_RECORD, run=run.id, operator=str(run.operator), message=said)
