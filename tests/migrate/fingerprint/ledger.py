"""A ledger with one run in it, without the engine."""

from uuid import UUID, uuid4

from console.db.session import Session
from console.migrate import ledger


async def begin(session: Session) -> UUID:
    """Make the ledger and a run."""
    await ledger.bootstrap(session)
    run = uuid4()
    await session.execute(
        "insert into emr_console.run (id, kind, operator, host, client_pid, backend_pid, tool_version)"
        " values (%(run)s, 'up', 'ana', 'ward-7', 1, 1, '0')",
        run=run,
    )
    return run
