"""Asks the migration engine where every migration stands, and what its files say."""

from functools import lru_cache
from pathlib import Path

from console.db.database import Database
from console.migrate.files import Folder, Migration, default_folder, read_folder
from console.migrate.reports import MigrationStatus, Status
from console.migrate.status import status


async def standing(db: Database) -> Status:
    """Where every migration of this installation stands in the database."""
    return await status(db, folder())


def migration_of(row: MigrationStatus) -> Migration | None:
    """The files of a row; None when they are missing."""
    return next((m for m in folder().migrations if m.label == row.label and m.flavour == row.flavour), None)


def folder() -> Folder:
    """The migrations of this installation, read again only when a file has changed."""
    path = default_folder()
    stamps = tuple((e.name, e.stat().st_mtime_ns, e.stat().st_size) for e in path.iterdir()) if path.is_dir() else ()
    return _read(path, stamps)


@lru_cache(maxsize=1)
def _read(path: Path, stamps: tuple[tuple[str, int, int], ...]) -> Folder:
    return read_folder(path)
