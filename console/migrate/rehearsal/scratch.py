"""A scratch database: made beside the live one, marked as ours, dropped whatever happens.

One that a killed rehearsal left is dropped by the next one, if its name and its mark say that it is ours and its maker
is gone. (Between CREATE DATABASE and its mark lie a few milliseconds; what is left by a kill there is left alone.)
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from secrets import token_hex

from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.errors import ConnectionFailed, ConsoleError, NoPrivilege, StatementFailed
from console.migrate import settings, trust
from console.migrate.rehearsal.models import Backend, Composed, Extension, Place, Right, Scratch
from console.migrate.rehearsal.refusal import NotRehearsed
from console.migrate.settings import Kept
from console.migrate.tries import START

LANE = "rehearse"
"""What application_name says on both sessions of a rehearsal."""

Say = Callable[[str], None]
"""Hears sentences about what goes on; it must not wait."""

_RIGHT = Query(__package__, "right")
_BACKEND = Query(__package__, "backend")
_CREATE = Query(__package__, "create")
_MARK = Query(__package__, "mark")
_LEFT_BEHIND = Query(__package__, "left_behind")
_PLACE = Query(__package__, "place")
_EXTENSIONS = Query(__package__, "extensions")

_NAME_BYTES = 63
_SUFFIX = "_emr_scratch_"
_HEX_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a rehearsal is held."""

    live: Session
    """A session in the live database, which is only read."""
    session: Session
    """The one in the scratch database."""
    kept: Kept
    """Role and search path of the live session, and so of this one."""
    lacking: dict[str, str] = field(default_factory=dict)
    """Extensions of the live database that could not be created, and why."""


@asynccontextmanager
async def scratch(target: Target, role: str | None, say: Say) -> AsyncIterator[Stage]:
    """A scratch database with the live one's extensions. NotRehearsed where that is not possible."""
    async with await trust.opened(target, LANE, settings=START, role=role) as live:
        maker = await live.fetch_one(_BACKEND, Backend)
        kept = await settings.begin(live, role)
        await live.execute("set search_path = pg_catalog")  # nothing of a stranger's is run on its way
        await _require_right(live)
        await _drop_left_behind(live, say)
        name = scratch_name(target.dbname)
        async with _database(live, name, maker, say), await _connect(target, name) as session:
            await settings.restore(session, kept)
            await _prove(session, name)
            yield Stage(live, session, kept, await _extend(live, session))


def scratch_name(database: str, number: str | None = None) -> str:
    """A new name beside a database's own, within PostgreSQL's 63 bytes.

    >>> scratch_name("emr", "0123abcd"), len(scratch_name("x" * 63))
    ('emr_emr_scratch_0123abcd', 63)
    """
    room = _NAME_BYTES - len(_SUFFIX) - _HEX_DIGITS
    return database.encode()[:room].decode(errors="ignore") + _SUFFIX + (number or token_hex(_HEX_DIGITS // 2))


async def _require_right(live: Session) -> None:
    right = await live.fetch_one(_RIGHT, Right)
    if not right.createdb:
        grant = f"ALTER ROLE {quote(right.role)} CREATEDB;"
        raise NotRehearsed(f"{right.role} may not create databases.", hint=f"A superuser can allow it: {grant}")


async def _drop_left_behind(live: Session, say: Say) -> None:
    for left in await live.fetch(_LEFT_BEHIND, Scratch):
        say(f"The scratch database {left.name} of a rehearsal that died is dropped.")
        await _drop(live, left.name, say)


@asynccontextmanager
async def _database(live: Session, name: str, maker: Backend, say: Say) -> AsyncIterator[None]:
    create = await live.fetch_one(_CREATE, Composed, name=name)
    mark = await live.fetch_one(_MARK, Composed, name=name, pid=maker.pid, backend_start=maker.backend_start)
    try:
        await _make(live, create, mark)
        say(f"Rehearsing in the scratch database {name}.")
        yield
    finally:
        await _drop(live, name, say)


async def _make(live: Session, create: Composed, mark: Composed) -> None:
    try:
        await live.execute(create.statement)
        await live.execute(mark.statement)
    except StatementFailed as error:
        raise NotRehearsed(f"no scratch database could be made. {error.message}", hint=error.hint) from error


async def _drop(live: Session, name: str, say: Say) -> None:
    """Drop a database that is ours, whoever is still connected; what happened before is the news, so never raise."""
    statement = f"drop database if exists {quote(name)}"
    try:
        try:
            await live.execute(f"{statement} with (force)")
        except NoPrivilege:  # our own session there logged in as a mightier role, and has not quite ended yet
            await live.execute(statement)  # which waits some seconds for it
    except ConsoleError as error:
        say(f"The scratch database {name} could not be dropped; the next rehearsal will. {error.message}")


async def _connect(target: Target, name: str) -> Session:
    try:
        there = replace(target, params={**target.params, "dbname": name})
        session = await Session.open(there, LANE, settings=START)
    except ConnectionFailed as error:
        raise NotRehearsed(error.message, hint="Let pg_hba.conf admit us to databases that are named so.") from error
    session.never_prepare()
    return session


async def _prove(session: Session, name: str) -> None:
    place = await session.fetch_one(_PLACE, Place)
    if place.database != name or not place.empty:
        raise NotRehearsed(f"the session that should be in {name} is in {place.database}, or it is not empty.")


async def _extend(live: Session, session: Session) -> dict[str, str]:
    """Create what the live database has; what cannot be created matters only if a file then fails."""
    lacking: dict[str, str] = {}
    for extension in await live.fetch(_EXTENSIONS, Extension):
        try:
            await session.execute(f"create schema if not exists {quote(extension.place)}")
            await session.execute(
                f"create extension if not exists {quote(extension.name)} schema {quote(extension.place)} cascade"
            )
        except StatementFailed as error:
            lacking[extension.name] = error.message
    return lacking
