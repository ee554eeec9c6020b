"""How things stand: the files on one side, ledger, knex's table and lock on the other, read together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from console.db.identifiers import quote
from console.db.pipeline import Answers, Request
from console.db.query import Query
from console.db.server import Server
from console.errors import ConsoleError, NoPrivilege
from console.migrate import flavour, lock, trust
from console.migrate.asker import Asker
from console.migrate.files import Folder, Migration
from console.migrate.flavour import Chosen
from console.migrate.models import KnexName, Meta, OpenRun, Presence, Recorded
from console.migrate.server_models import LockHolder, TimescaleDB

_TIMESCALEDB = Request(Query(__package__, "timescaledb"), TimescaleDB)
_META = Request(Query(__package__, "meta"), Meta)
_RECORDED = Request(Query(__package__, "recorded"), Recorded)
_LEDGER: tuple[Request[Any], ...] = (_META, _RECORDED)
_KNEX_NAMES = Request(Query(__package__, "knex_names"), KnexName)


@dataclass(frozen=True, slots=True)
class Books:
    """What is written down: our ledger and knex's table."""

    meta: Meta | None
    """The ledger's own row; None without a ledger."""
    recorded: Sequence[Recorded]
    """The ledger's migrations, in the order of applying."""
    runs: Sequence[OpenRun]
    """Runs without an end."""
    knex: Sequence[KnexName]
    """What knex believes."""
    unreadable: ConsoleError | None = None
    """Why they could not be read, or must not be."""

    @property
    def by_version(self) -> dict[int, Recorded]:
        """The ledger's migrations by their number."""
        return {int(row.version): row for row in self.recorded}


@dataclass(frozen=True, slots=True)
class Standing:
    """Files and books of one database at one moment."""

    server: Server
    """Facts about the server."""
    timescaledb: TimescaleDB
    """What it has of TimescaleDB."""
    presence: Presence
    """Which ledgers there are."""
    holder: LockHolder | None
    """Whose session holds the engine's lock; None if nobody's does or the server cannot tell."""
    flavour: Chosen
    """Which files are meant."""
    migrations: Sequence[Migration]
    """The files of that flavour, in order."""
    books: Books
    """What is written down."""
    hidden: ConsoleError | None = None
    """Why it cannot be seen whether somebody holds the engine's lock."""


@dataclass(slots=True)
class _Told:
    """What one connection has said that seldom changes."""

    server: Server
    """By this very object a connection is known: a new one asks about its server anew."""
    ledger: bool = False
    """Whether there was a ledger of ours, in known hands."""
    timescaledb: TimescaleDB | None = None
    """Slow to ask: the server reads the files of every extension that it could create."""


_told: WeakKeyDictionary[Asker, _Told] = WeakKeyDictionary()


async def read_standing(
    asker: Asker,
    folder: Folder,
    override: Chosen | None = None,
    *,
    role: str | None = None,
    presence: Presence | None = None,
) -> Standing:
    """Read everything that decides what is pending and what may be done; changes nothing.

    The first look takes two round trips; later ones over the same connection take one, while the ledger is still there
    and knex's table is not: that one is found by the search path and may be a stranger's, so who has it is asked first.
    `role` is the one that migrations run under, trusted besides the one that asks. `presence` is known already where
    the lock was taken just before.
    """
    server = await asker.server()
    told = _told_by(asker, server)
    here = Request(trust.PRESENCE, Presence, {"role": role})
    asked = () if presence else (here,)
    first = await asker.pipeline(*asked, lock.HOLDER, *(_LEDGER if told.ledger else ()))
    presence = presence or first.rows(here)[0]
    later = list(_later(told, presence))
    second = await asker.pipeline(*later) if later else first
    if told.timescaledb is None or _TIMESCALEDB in later:
        (told.timescaledb,) = second.rows(_TIMESCALEDB)
    books = _books(presence, server, first if told.ledger else second, second)
    told.ledger = presence.ledger and not presence.strangers
    chosen = flavour.choose(told.timescaledb, override, books.meta, books.recorded)
    # Where one backend serves all connections, whoever asks holds the lock.
    holder = None if server.single_session else first.optional(lock.HOLDER)
    hidden = first.error(lock.HOLDER)
    return Standing(server, told.timescaledb, presence, holder, chosen, folder.of(chosen), books, hidden)


def _told_by(asker: Asker, server: Server) -> _Told:
    told = _told.get(asker)
    if told is None or told.server is not server:
        told = _told[asker] = _Told(server)
    return told


def _later(told: _Told, presence: Presence) -> Iterator[Request[Any]]:
    """What is still to be asked, once it is known which ledgers there are and whose."""
    if told.timescaledb is None or told.timescaledb.installed != presence.timescaledb:
        yield _TIMESCALEDB
    if presence.strangers:
        return
    if presence.ledger and not told.ledger:
        yield from _LEDGER
    if presence.knex:
        yield _KNEX_NAMES


def _books(presence: Presence, server: Server, ledger: Answers, knex: Answers) -> Books:
    refused = trust.refusal(presence)
    if refused is not None:
        return Books(None, [], [], [], refused)
    try:
        meta = ledger.rows(_META)[0] if presence.ledger else None
        recorded = ledger.rows(_RECORDED) if presence.ledger else []
        return Books(meta, recorded, meta.runs if meta else [], knex.rows(_KNEX_NAMES) if presence.knex else [])
    except NoPrivilege as error:
        return Books(None, [], [], [], _unreadable(error, server))


def _unreadable(error: NoPrivilege, server: Server) -> NoPrivilege:
    return NoPrivilege(
        f"What was applied here cannot be read by {server.user}. {error.message}",
        state="Nothing was changed.",
        hint=f"A superuser can allow it: GRANT pg_monitor TO {quote(server.user)}; knex's table takes a GRANT SELECT.",
        sqlstate=error.sqlstate,
    )
