"""The folder of one backup: private, never another one's, and `.partial` until it is complete."""

import fcntl
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

from console.errors import ConsoleError, Exit, Refused, UsageError
from console.migrate.selection import UNCHANGED

ROOM = 1.5
"""How many times the database's size must be free, because nobody knows how well it compresses."""

_NAME_LENGTH = 60


def check(parent: Path, needed: int) -> Path:
    """The folder in which backups are made, as its real path, made if only it is missing.

    UsageError where there is none, Refused where others could exchange what is in it, exit 41 where it has no room.
    """
    try:
        parent.mkdir(mode=0o700, exist_ok=True)
        found = parent.resolve(strict=True)
        if not os.access(found, os.W_OK | os.X_OK):
            raise PermissionError(0, "it is not writable")
    except OSError as error:
        raise UsageError(
            f"{parent} cannot hold a backup ({error.strerror}).",
            state=UNCHANGED,
            hint="Name a folder that you may write; only its last part is made where it is missing.",
        ) from error
    _refuse_shared(found)
    free, wanted = shutil.disk_usage(found).free, int(needed * ROOM)
    if free < wanted:
        raise ConsoleError(
            f"{found} has {free / 1e6:,.0f} MB free; a backup needs {wanted / 1e6:,.0f} MB,"
            f" {ROOM} times the size of the database.",
            state=UNCHANGED,
            hint="Free some room there, or name a folder on another disk.",
            exit=Exit.OUT_OF_SPACE,
        )
    return found


def _refuse_shared(parent: Path) -> None:
    """A folder of somebody else's, or open for others without the sticky bit: they could put another backup there.

    The same holds for every folder above it, by whose name another one could be put in its place.
    """
    for folder in (parent, *parent.parents):
        facts = folder.stat()
        open_for_others = facts.st_mode & 0o022 and not facts.st_mode & stat.S_ISVTX
        if open_for_others or facts.st_uid not in (0, os.geteuid()):
            raise Refused(
                f"In {folder} others could exchange a backup for another one.",
                state=UNCHANGED,
                hint=f"Use a folder of your own: mkdir -m 0700, or chmod go-w {folder}.",
            )


@contextmanager
def made(parent: Path, database: str, moment: datetime) -> Iterator[Path]:
    """A new folder to write into; on any error it is removed, else it loses its `.partial` and is on the disk."""
    partial = _claimed(parent, named(database, moment))
    with _held(partial, fcntl.LOCK_EX):
        try:
            yield partial
            flush(partial)
            partial.rename(final(partial))
            flush(parent)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise


def abandoned(parent: Path) -> list[Path]:
    """The `.partial` folders in which nobody is at work any more: what killed backups have left."""
    return [folder for folder in sorted(parent.glob("*.partial")) if folder.is_dir() and not _at_work(folder)]


@contextmanager
def _held(folder: Path, lock: int) -> Iterator[None]:
    """A lock on the folder, which ends with this process however that ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, lock)
        yield
    finally:
        os.close(descriptor)


def _at_work(folder: Path) -> bool:
    try:
        with _held(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
            return False
    except OSError:  # held, or gone meanwhile
        return True


def final(partial: Path) -> Path:
    """The folder's name once it is complete."""
    return partial.with_name(partial.name.removesuffix(".partial"))


def named(database: str, moment: datetime) -> str:
    """The name of a backup's folder; `moment` is UTC.

    >>> named("emr/prod", datetime(2026, 1, 2, 3, 4, 5))
    '20260102T030405Z-emr_prod'
    """
    return f"{moment:%Y%m%dT%H%M%SZ}-{re.sub(r'[^A-Za-z0-9_.-]', '_', database)[:_NAME_LENGTH]}"


def _claimed(parent: Path, name: str) -> Path:
    """Whoever makes the `.partial` folder owns the name; two of one second get two names."""
    for number in count(1):
        partial = parent / f"{name}{f'-{number}' if number > 1 else ''}.partial"
        try:
            partial.mkdir(mode=0o700)
        except FileExistsError:
            continue
        if not final(partial).exists():
            break
        partial.rmdir()
    return partial


def write(path: Path, text: str) -> None:
    """A new file for this account alone, on the disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def flush(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
