"""Small migration folders, and the engine run on them."""

import asyncio
from pathlib import Path
from typing import Any

import psycopg

from console.db.session import Session
from console.migrate.down import down
from console.migrate.files import Folder, read_folder
from console.migrate.reports import Event, MigrationStatus, Result, Status
from console.migrate.selection import Back
from console.migrate.status import status
from console.migrate.terms import Terms
from console.migrate.up import up
from tests.targets import target


def write(folder: Path, label: str, *, up: str, down: str | None = "select 1", verify: str | None = None) -> None:
    """One migration; `label` is NNN_name with an optional flavour."""
    for part, text in (("up", up), ("down", down), ("verify", verify)):
        if text is not None:
            (folder / f"{label}.{part}.sql").write_text(text, "utf-8")


def write_tables(folder: Path, *names: str) -> None:
    """Migrations 001, 002, ... that each make one table, with their way back and their check."""
    for number, name in enumerate(names, 1):
        write(
            folder,
            f"{number:03}_{name}",
            up=f"create table {name} (id int);\ninsert into {name} values ({number});\n",
            down=f"drop table {name};\n",
            verify=f"select '{name} has a row' as name, count(*) = 1 as ok from {name}",
        )


def remove(folder: Path, label: str) -> None:
    """Take away every file of one migration."""
    for file in folder.glob(f"{label}.*"):
        file.unlink()


class Told(list[Event]):
    """The events of one run, to be looked at and to be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._new = asyncio.Event()

    def append(self, event: Event) -> None:
        """Hear one event."""
        super().append(event)
        self._new.set()

    async def until(self, kind: str, version: str | None, statement: int | None = None) -> Event:
        """The first event of that kind about that migration, and that statement of it."""
        while True:
            for event in self.of(kind):
                if event.version == version and statement in (None, event.statement):
                    return event
            self._new.clear()
            await self._new.wait()

    def of(self, kind: str) -> list[Event]:
        """Those of one kind."""
        return [event for event in self if event.event == kind]


async def reached(
    run: asyncio.Task[Result], told: Told, kind: str, version: str | None, statement: int | None = None
) -> Event:
    """The first event of that kind of a run that is at work; whatever ended the run if it ends before."""
    waiting = asyncio.create_task(told.until(kind, version, statement))
    await asyncio.wait({run, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():
        waiting.cancel()
        raise AssertionError(f"It ended before: {await run}")
    return await waiting


async def go_up(dsn: str, folder: Path, told: Told | None = None, **changed: Any) -> Result:
    """`migrate up`; keywords are those of up() and of Terms."""
    how = {name: changed.pop(name) for name in ("to", "out_of_order") if name in changed}
    report = told.append if told is not None else ignore
    return await up(target(dsn), read_folder(folder), report, Terms(**changed), **how)


async def go_down(dsn: str, folder: Path, told: Told | None = None, **changed: Any) -> Result:
    """`migrate down`, the last one if nothing else is said; keywords are those of Back and of Terms."""
    back = Back(**{name: changed.pop(name) for name in ("to", "all", "batch") if name in changed})
    report = told.append if told is not None else ignore
    return await down(target(dsn), read_folder(folder), report, Terms(**changed), back)


def ignore(event: Event) -> None:
    """Hear nothing."""


async def read_status(dsn: str, folder: Path | Folder) -> Status:
    """`migrate status`."""
    read = folder if isinstance(folder, Folder) else read_folder(folder)
    async with await Session.open(target(dsn), "query", read_only=True) as session:
        return await status(session, read)


async def states(dsn: str, folder: Path) -> dict[str, str]:
    """Version and state of every migration."""
    return {row.version: row.state for row in (await read_status(dsn, folder)).rows}


async def row(dsn: str, folder: Path, version: str) -> MigrationStatus:
    """One migration's row."""
    return next(each for each in (await read_status(dsn, folder)).rows if each.version == version)


def ask(dsn: str, statement: str, *params: object) -> list[tuple[Any, ...]]:
    """Ask the server by the driver itself; no rows where it answers none."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), params or None)
        return cursor.fetchall() if cursor.description else []


def one(dsn: str, statement: str, *params: object) -> Any:
    """The only value of an answer."""
    ((value,),) = ask(dsn, statement, *params)
    return value


def tables(dsn: str) -> list[str]:
    """The tables of schema public."""
    return [name for (name,) in ask(dsn, "select tablename from pg_tables where schemaname = 'public' order by 1")]
