"""Asks who waits for a lock, and for whom."""

from datetime import UTC, datetime

from console.db.database import Database
from console.db.identifiers import literal, quote
from console.db.pipeline import Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.db.server import Server
from console.errors import NoPrivilege
from console.panes.locks.models import Detail, Gid, Party, Snapshot
from console.services.activity import TEXT_BYTES, said, showing, visible, whole_statement
from console.services.locking.service import locks_of
from console.services.signalling.models import Subject, Verb, is_idle
from console.services.signalling.service import written

LOCKS = Query(__package__, "locks")
GID = Query(__package__, "gid")


async def snapshot(db: Database) -> Snapshot:
    """Everybody who waits for a lock, and everybody who is waited for."""
    request = Request(LOCKS, Party, {"text_bytes": TEXT_BYTES})
    server = await db.server()
    answers = await db.pipeline(request)
    if isinstance(answers.error(request), NoPrivilege):
        raise denied(server)
    parties, pulse = answers.rows(request), answers.optional(PULSE)
    grant = showing(server) if any(party.hidden for party in parties) else None
    return Snapshot(pulse.as_of if pulse else datetime.now(UTC), parties, grant)


def denied(server: Server) -> NoPrivilege:
    """Somebody took from everybody what PostgreSQL gives to everybody."""
    views = ("pg_catalog.pg_locks", "pg_catalog.pg_stat_activity", "pg_catalog.pg_prepared_xacts")
    return NoPrivilege(
        f"Who waits for whom stands in {', '.join(views)}, one of which {server.user} may not read.",
        hint=f"A superuser can give the right: GRANT SELECT ON {', '.join(views)} TO {quote(server.user)};",
    )


async def detail(db: Database, party: Party) -> Detail:
    """What one party says and locks, in one round trip."""
    locks, gid = locks_of(party.id), Request(GID, Gid, {"id": party.id})
    statement = whole_statement(party.id, party.backend_start)
    answers = await db.ask(locks, statement, *([gid] if party.prepared else []))
    found = answers.optional(gid)
    return Detail(said(answers, statement), answers.rows(locks), found.gid if found else None)


def subject_of(party: Party, blocks: int) -> Subject:
    """A backend as one that can be signalled."""
    known = party.model_dump(include=set(Subject.__slots__))
    return Subject(pid=party.id, leader_pid=None, blocks=blocks, query=visible(party.query_text), **known)


def remedies(party: Party, blocks: int, gid: str | None = None) -> str:
    """The SQL that ends what others wait for, to be run by hand; empty where it could hit somebody else.

    `gid` is the whole name of a prepared transaction, where it is known.
    """
    if party.prepared:
        if gid is None:
            return ""
        owner, database = literal(party.user or ""), literal(party.database or "")  # a line break would end the comment
        where = f"-- in database {database}, as {owner} or as a superuser; it cannot be undone"
        return f"{where}\nROLLBACK PREPARED {literal(gid)};"
    if party.backend_start is None:
        return ""
    subject = subject_of(party, blocks)
    verbs: list[Verb] = ["terminate"] if is_idle(party.state) else ["cancel", "terminate"]
    return "\n\n".join(f"{written(verb, subject).strip()};" for verb in verbs)
