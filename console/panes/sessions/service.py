"""Asks who is connected, and masks what they say."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from console.db.database import Database
from console.db.identifiers import quote
from console.db.pipeline import Answers, Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.db.server import Server
from console.errors import NoPrivilege
from console.panes.sessions.applications import applications
from console.panes.sessions.horizon import horizon
from console.panes.sessions.models import (
    Asleep,
    Backend,
    Keeper,
    Session,
    Snapshot,
    count_blocked,
    under_leaders,
    urgency,
)
from console.panes.sessions.sleepers import Sleepers
from console.services.activity import TEXT_BYTES, showing, visible
from console.services.signalling.models import Subject

if TYPE_CHECKING:
    from console.config.settings import Pool

SESSIONS = Query(__package__, "sessions")
ASLEEP = Query(__package__, "asleep")
KEEPERS = Request(Query(__package__, "keepers"), Keeper)


async def snapshot(db: Database) -> Snapshot:
    """Everybody who is connected, the most urgent first, without this console's own idle connections."""
    return await Reader(db).read()


class Reader:
    """Reads that again and again; who sleeps on is not sent again."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sleepers = Sleepers()

    async def read(self) -> Snapshot:
        """As `snapshot`; in one round trip, but for the rare case that a sleeper is not what it was."""
        server = await self._db.server()
        backends = None
        while backends is None:
            since = self._sleepers.since
            sent = Request(SESSIONS, Backend, {"text_bytes": TEXT_BYTES, "since": since})
            asleep = Request(ASLEEP, Asleep, {"since": since})
            answers = await self._db.pipeline(sent, asleep, KEEPERS)
            if isinstance(answers.error(sent), NoPrivilege):
                raise denied(server)
            backends = self._sleepers.joined(answers.rows(sent), answers.rows(asleep)[0])
        return _told(server, answers, backends, self._db.pids)


def _told(server: Server, answers: Answers, backends: Sequence[Backend], ours: Collection[int]) -> Snapshot:
    """What follows from all rows together."""
    pulse, sessions = answers.optional(PULSE), arrange(backends, ours=ours)
    keepers = [] if answers.error(KEEPERS) else answers.rows(KEEPERS)
    return Snapshot(
        pulse.as_of if pulse else datetime.now(UTC),
        sessions,
        connections=sum(backend.backend_type in (None, "client backend") for backend in backends),
        limit=pulse.connection_limit if pulse else None,
        keepers=keepers,
        horizon=horizon((backend for backend in backends if backend.pid not in ours), keepers),
        ours_hidden=len(backends) - len(sessions),
        grant=showing(server) if any(s.hidden for s in sessions) else None,
    )


def subject(session: Session) -> Subject:
    """The session as it is signalled."""
    known = session.backend.model_dump(include=_OF_BACKEND)
    return Subject(**known, blocks=session.blocks, query=session.query)


_OF_BACKEND = {field.name for field in fields(Subject)} & Backend.model_fields.keys()


def expected_pool(db: Database) -> "Pool | None":
    """How many connections the applications of this database are expected to hold; None if nobody has said."""
    from console.config.file import configuration
    from console.config.settings import POOLS

    profile = configuration().settings.profiles.get(db.target.profile or "")
    label = db.target.label(db.known.environment if db.known else None)
    return profile.expected_pool() if profile else POOLS.get(label or "")


def as_json(shown: Snapshot, database: str, pool: "Pool | None") -> dict[str, object]:
    """The lists of `sessions --json`."""
    return {
        "rows": [session.as_json() for session in shown.sessions],
        "connections": {"used": shown.connections, "limit": shown.limit},
        "pool": pool.model_dump() if pool else None,
        "applications": [each.as_json() for each in applications(shown.sessions, database)],
        "held": [keeper.model_dump() for keeper in shown.keepers],
        "horizon": asdict(shown.horizon) if shown.horizon else None,
    }


def denied(server: Server) -> NoPrivilege:
    """Somebody took from everybody what PostgreSQL gives to everybody."""
    view = "pg_catalog.pg_stat_activity"
    return NoPrivilege(
        f"Who is connected stands in {view}, which {server.user} may not read.",
        hint=f"A superuser can give the right: GRANT SELECT ON {view} TO {quote(server.user)};",
    )


def arrange(backends: Collection[Backend], *, ours: Collection[int] = ()) -> list[Session]:
    """Backends as sessions, urgent first; our own are left out unless somebody waits for them.

    Only pids of this very process count as ours: an application_name is anybody's to choose, and a session that calls
    itself emr-console must not be able to hide.
    """
    blocked = count_blocked(backends)
    sessions = [
        Session(backend, blocked[backend.pid], visible(backend.query_text))
        for backend in backends
        if backend.pid not in ours or blocked[backend.pid]
    ]
    return under_leaders(sorted(sessions, key=urgency))
