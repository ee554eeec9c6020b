"""How things stand: the files on one side, ledger, knex's table and lock on the other, read together."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.db.pipeline import Request
from console.db.query import Query
from console.db.server import Server
from console.errors import NoPrivilege
from console.migrate import flavour, lock
from console.migrate.asker import Asker
from console.migrate.files import Folder, Migration
from console.migrate.flavour import Chosen
from console.migrate.models import KnexName, LockHolder, Meta, OpenRun, Presence, Recorded, TimescaleDB

_PRESENCE = Request(Query(__package__, "presence"), Presence)
_TIMESCALEDB = Request(Query(__package__, "timescaledb"), TimescaleDB)
_META = Request(Query(__package__, "meta"), Meta)
_RECORDED = Request(Query(__package__, "recorded"), Recorded)
_OPEN_RUNS = Request(Query(__package__, "open_runs"), OpenRun)
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
    unreadable: str | None = None
    """Why they could not be read, as a sentence."""

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


async def read_standing(asker: Asker, folder: Folder, override: Chosen | None = None) -> Standing:
    """Read everything that decides what is pending and what may be done, in two round trips; changes nothing."""
    server = await asker.server()
    first = await asker.pipeline(_PRESENCE, _TIMESCALEDB, lock.HOLDER)
    (presence,), (facts,) = first.rows(_PRESENCE), first.rows(_TIMESCALEDB)
    books = await _read_books(asker, presence)
    chosen = flavour.choose(facts, override, books.meta, books.recorded)
    # Where one backend serves all connections, whoever asks holds the lock.
    holder = None if server.single_session else next(iter(first.rows(lock.HOLDER)), None)
    return Standing(server, facts, presence, holder, chosen, folder.of(chosen), books)


async def _read_books(asker: Asker, presence: Presence) -> Books:
    ours = (_META, _RECORDED, _OPEN_RUNS) if presence.ledger else ()
    answers = await asker.pipeline(*ours, *((_KNEX_NAMES,) if presence.knex else ()))
    try:
        return Books(
            answers.rows(_META)[0] if ours else None,
            answers.rows(_RECORDED) if ours else [],
            answers.rows(_OPEN_RUNS) if ours else [],
            answers.rows(_KNEX_NAMES) if presence.knex else [],
        )
    except NoPrivilege as error:
        return Books(None, [], [], [], error.message)
