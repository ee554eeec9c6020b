"""Whether a backup is what its manifest says: its hash, and whether pg_restore can read it."""

import asyncio
import hashlib
from pathlib import Path

from pydantic import ValidationError

from console.errors import ConsoleError, Exit
from console.migrate.backup import child
from console.migrate.backup.models import Manifest
from console.migrate.backup.programs import Programs

MANIFEST = "manifest.json"
"""The manifest's name."""

_BLOCK = 2**20


async def digest(file: Path) -> str:
    """The file's SHA-256; others get their turn while it is read."""
    hashed = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            hashed.update(block)
            await asyncio.sleep(0)
    return hashed.hexdigest()


async def listing(programs: Programs, file: Path) -> str:
    """The dump's table of contents; ConsoleError with exit 50 unless pg_restore finds its way through it."""
    return await child.answer(programs.pg_restore, "--list", str(file))


async def verify_backup(directory: Path) -> Manifest:
    """The manifest of a backup whose dump still has the bytes it had; ConsoleError with exit 50 says what has not."""
    manifest = _manifest(directory / MANIFEST)
    file = directory / manifest.file
    try:
        found = await digest(file)
    except OSError as error:
        raise _spoilt(f"{file} cannot be read ({error.strerror}).") from error
    if found != manifest.sha256:
        raise _spoilt(f"{file} is not the dump that was written: its SHA-256 is {found}, not {manifest.sha256}.")
    return manifest


def _manifest(path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise _spoilt(f"{path} cannot be read ({error.strerror}).") from error
    except ValidationError as error:
        raise _spoilt(f"{path} is no manifest of a backup.") from error


def _spoilt(message: str) -> ConsoleError:
    return ConsoleError(message, state="This backup proves nothing.", hint="Make a new one.", exit=Exit.BACKUP_FAILED)
