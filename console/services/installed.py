"""The migrations that came with this installation, and the role that a profile lets them run under."""

from functools import lru_cache
from pathlib import Path

from console.db.roles import become
from console.db.session import Session
from console.migrate.files import Folder, default_folder, read_folder

Stamp = tuple[str, int, int]
"""A file's name, and when it was last written, and its size: another one means another text."""


def role(profile: str | None) -> str | None:
    """The role that the profile wants migrations to run under; None stays the one that logged in."""
    if profile is None:
        return None
    from console.config.file import configuration

    return configuration().settings.migrate_role(profile)


async def become_owner(session: Session) -> None:
    """Go on as that role, where the profile names one."""
    await become(session, role(session.target.profile))


def folder() -> Folder:
    """The migrations of this installation, read again only when a file has changed."""
    path = default_folder()
    try:
        stamps = tuple(_stamp(entry) for entry in path.iterdir())
    except OSError:
        return read_folder(path)  # which says what cannot be read
    return _read(path, stamps)


def _stamp(entry: Path) -> Stamp:
    found = entry.stat()
    return entry.name, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=1)
def _read(path: Path, stamps: tuple[Stamp, ...]) -> Folder:
    return read_folder(path)
