"""The engine's own tables, schema emr_console: made by the first `up`, written in the migrations' transactions."""

from collections.abc import Sequence

from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.errors import NoPrivilege, Unsupported
from console.migrate import lock
from console.migrate.flavour import Chosen
from console.migrate.models import Meta, Presence, Stored
from console.migrate.trust import PRESENCE, refusal, require_trusted

BOOTSTRAPS = (
    Query(__package__, "bootstrap_001"),
    Query(__package__, "bootstrap_002"),
    Query(__package__, "bootstrap_003"),
    Query(__package__, "bootstrap_004"),
    Query(__package__, "bootstrap_005"),
    Query(__package__, "bootstrap_006"),
)
"""What makes the ledger and, one after the other, brings it up to date."""

NEWEST = len(BOOTSTRAPS)
"""The version of the ledger that this console writes."""

_META = Query(__package__, "meta")
_SET_VERSION = Query(__package__, "set_ledger_version")
_SET_FLAVOUR = Query(__package__, "set_flavour")
_STORED = Query(__package__, "stored")


async def bootstrap(session: Session, presence: Presence | None = None) -> Presence:
    """Bring the ledger's own tables up to NEWEST; the engine's lock must be held, or two first starts collide.

    `presence` is what was there, in known hands, when the lock was taken; what is there now is answered.
    """
    presence = presence or await require_trusted(session)
    try:
        await _bring_up(session, presence)
    except NoPrivilege as error:
        server = await session.server()
        grant = f"GRANT CREATE ON DATABASE {quote(server.database)} TO {quote(server.user)};"
        raise NoPrivilege(
            f"This role may not make or write the ledger, schema emr_console. {error.message}",
            state="Nothing was changed.",
            hint="Migrate as the role that owns it: migrate.role in the profile."
            if presence.ledger
            else f"The database's owner or a superuser can allow it: {grant}",
            sqlstate=error.sqlstate,
        ) from error
    return presence.model_copy(update={"ledger": True})


async def ready(session: Session) -> None:
    """The ledger as this console writes it, for what is kept there besides migrations.

    Only where it has to be made or brought up to date the engine's lock is taken; exit 10 while somebody migrates.
    """
    presence = await session.fetch_one(PRESENCE, Presence, role=None)
    if refused := refusal(presence):
        raise refused
    if presence.ledger and (await session.fetch_one(_META, Meta)).version == NEWEST:
        return
    await lock.acquire(session, 0.0)
    try:
        await bootstrap(session, presence)
    finally:
        await lock.release(session)


async def _bring_up(session: Session, presence: Presence) -> None:
    version = (await session.fetch_one(_META, Meta)).version if presence.ledger else 0
    if version > NEWEST:
        raise Unsupported(
            f"The ledger of this database is of version {version}; this console writes version {NEWEST}.",
            state="Nothing was changed.",
            hint="Update emr-console; reading with this one still works.",
        )
    if version == NEWEST:
        return
    async with session.transaction():
        await session.execute("\n".join(query.text() for query in BOOTSTRAPS[version:]))
        await session.run(_SET_VERSION, version=NEWEST)


async def keep_flavour(session: Session, flavour: Chosen) -> None:
    """Remember which flavour this database gets."""
    await session.run(_SET_FLAVOUR, flavour=flavour)


async def stored_texts(session: Session, versions: Sequence[str]) -> dict[str, Stored]:
    """The texts that were applied, by version."""
    rows = await session.fetch(_STORED, Stored, versions=list(versions))
    return {row.version: row for row in rows}
