"""Rehearsals of small folders, and what they leave on the server."""

from pathlib import Path

import psycopg

from console.db.session import Session
from console.migrate.down import way_back
from console.migrate.files import default_folder, read_folder
from console.migrate.ledger import stored_texts
from console.migrate.rehearsal.rehearse import rehearse
from console.migrate.rehearsal.rehearsed import Rehearsed
from console.migrate.selection import Back, for_down, for_up
from console.migrate.standing import Standing, read_standing
from console.migrate.step import Step, Up
from tests.migrate.working import ask
from tests.targets import target

OWN = default_folder()
"""The product's migrations."""


async def standing_of(dsn: str, folder: Path) -> Standing:
    """How things stand."""
    async with await Session.open(target(dsn), "test", read_only=True) as session:
        return await read_standing(session, read_folder(folder))


async def rehearse_up(
    dsn: str, folder: Path, *, to: str | None = None, said: list[str] | None = None
) -> list[Rehearsed]:
    """Rehearse what `migrate up` would do."""
    standing = await standing_of(dsn, folder)
    steps: list[Step] = [Up(migration) for migration in for_up(standing, to=to)]
    heard = said if said is not None else []
    return await rehearse(target(dsn), standing, steps, role=None, say=heard.append)


async def rehearse_down(dsn: str, folder: Path, *, back: Back, said: list[str] | None = None) -> list[Rehearsed]:
    """Rehearse what `migrate down` would do."""
    standing = await standing_of(dsn, folder)
    rows = for_down(standing, back)
    files = {int(migration.version): migration for migration in standing.migrations}
    async with await Session.open(target(dsn), "test", read_only=True) as session:
        stored = await stored_texts(session, [row.version for row in rows])
    steps: list[Step] = [way_back(row, files.get(int(row.version)), stored) for row in rows]
    heard = said if said is not None else []
    return await rehearse(target(dsn), standing, steps, role=None, say=heard.append)


def scratch_databases(dsn: str) -> list[str]:
    """The scratch databases of the whole server."""
    return [name for (name,) in ask(dsn, "select datname from pg_database where datname like '%_emr_scratch_%'")]


def elsewhere(dsn: str, name: str) -> str:
    """The same server, another database."""
    return psycopg.conninfo.make_conninfo(dsn, dbname=name)
