"""A restore for a trial: into a scratch database of the same server, counted there, and gone afterwards."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

from console.db.handover import Handover
from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.errors import ConsoleError, Refused
from console.migrate.backup import child, contents, restoring, snapshot
from console.migrate.backup.models import Backup, Name, Trial
from console.migrate.backup.preflight import Ready

_ABANDONED = Query(__package__, "abandoned")


async def restore(target: Target, made: Backup, found: Ready, role: str | None) -> Trial:
    """Whether every table comes back as the manifest says."""
    began = asyncio.get_running_loop().time()
    async with snapshot.opened(target, role) as session, _scratch(session, found.database.options) as name:
        there = replace(target, params={**target.params, "dbname": name})
        try:
            wrong = await _restored(there, made, found, role)
        except ConsoleError as error:
            wrong = [error.message.rstrip(".")]
    return Trial(ok=not wrong, seconds=round(asyncio.get_running_loop().time() - began, 3), wrong=wrong)


@asynccontextmanager
async def _scratch(session: Session, options: str) -> AsyncIterator[str]:
    """A new database, dropped at the end; those of sessions that died are dropped first."""
    for row in await session.fetch(_ABANDONED, Name):
        await session.execute(f"drop database if exists {row.name} with (force)")
    name = f"emr_console_trial_{session.pid}_{uuid4().hex[:8]}"
    try:
        await session.execute(f"create database {name} template template0 {options}")
        yield name
    finally:
        await session.execute(f"drop database if exists {name} with (force)")


async def _restored(scratch: Target, made: Backup, found: Ready, role: str | None) -> list[str]:
    """What did not come back, after the steps of RESTORE.md."""
    around = restoring.brackets(found.database)
    reach = await _tell(scratch, role, around.before)
    arguments = ["--exit-on-error", "--verbose", "--no-password", f"--use-list={made.directory / restoring.LIST}"]
    arguments += [f"--dbname={scratch.dbname}", *([f"--role={role}"] if role else [])]
    dump = made.directory / made.manifest.file
    await child.follow(found.programs.pg_restore, *arguments, str(dump), reach=reach, hear=lambda _: None)
    await _tell(scratch, role, around.after)
    async with snapshot.opened(scratch, role) as session, snapshot.reading(session):
        return contents.differences(made.manifest.tables, await contents.read(session))


async def _tell(scratch: Target, role: str | None, statements: Sequence[str]) -> Handover:
    """Execute statements in a session of their own, which must really be in the scratch database.

    A pooler may lead every name to the one database that must not be touched.
    """
    async with snapshot.opened(scratch, role) as session:
        if (await session.server()).database != scratch.dbname:
            raise Refused("The scratch database cannot be reached under its name.")
        for statement in statements:
            await session.execute(statement)
        return session.handover()
