"""Which pg_dump and pg_restore: configured, on PATH, where distributions put them, or out of the embedded wheel."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from console.db import wheel
from console.errors import Unsupported

_DISTRIBUTIONS = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/libpq/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/libpq/bin",
    "usr/local/opt/postgresql@*/bin",
)
_VERSION = re.compile(r"\(PostgreSQL\) (?P<version>\d\S*)")

# Debian's /usr/bin/pg_dump chooses a version anew at every call, by its own rules.
_WRAPPER = "pg_wrapper"


@dataclass(frozen=True, slots=True)
class Programs:
    """A pg_dump with the pg_restore beside it."""

    pg_dump: Path
    """Writes a dump."""
    version: str
    """Of both, such as 18.6."""

    @property
    def pg_restore(self) -> Path:
        """Reads one."""
        return self.pg_dump.with_name("pg_restore")


def major(version: str) -> int:
    """The first number of a version.

    >>> major("18.6"), major("19beta1")
    (18, 19)
    """
    return int("".join(takewhile(str.isdigit, version)))


async def find(server_major: int, configured: Path | None = None) -> Programs:
    """The programs of the server's own major version, else the first newer ones.

    Dumps of newer programs hold settings that an older server refuses. Raises Unsupported where none will do; a
    configured one that does not fit is not replaced by another.
    """
    candidates = [configured] if configured else list(_candidates())
    found = [programs for candidate in candidates if (programs := await _asked(candidate))]
    fitting = [programs for programs in found if major(programs.version) >= server_major]
    if not fitting:
        raise _none(server_major, configured, found)
    return min(fitting, key=lambda programs: major(programs.version) != server_major)


def _candidates() -> Iterator[Path]:
    """Every pg_dump that this machine may have, best place first."""
    on_path = shutil.which("pg_dump")
    if on_path and Path(on_path).resolve().name != _WRAPPER:
        yield Path(on_path)
    for pattern in _DISTRIBUTIONS:
        yield from sorted((folder / "pg_dump" for folder in Path("/").glob(pattern)), reverse=True)
    embedded = wheel.bindir()
    if embedded:
        yield embedded / "pg_dump"


async def _asked(pg_dump: Path) -> Programs | None:
    """The programs with the version that they tell; None if one of the two is missing or does not run."""
    if not pg_dump.with_name("pg_restore").exists():
        return None
    try:
        process = await asyncio.create_subprocess_exec(
            pg_dump, "--version", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
        )
    except OSError:
        return None
    said, _ = await process.communicate()
    version = _VERSION.search(said.decode(errors="replace"))
    return Programs(pg_dump, version["version"]) if version else None


def _none(server_major: int, configured: Path | None, found: list[Programs]) -> Unsupported:
    there = ", ".join(f"{programs.version} ({programs.pg_dump})" for programs in found) or "none"
    where = f" at {configured}, which the configuration names" if configured else ""
    return Unsupported(
        f"A backup of PostgreSQL {server_major} needs pg_dump and pg_restore {server_major} or newer{where};"
        f" there is {there}.",
        state="Nothing was changed.",
        hint=f'Install the client programs of PostgreSQL {server_major}, or set pg_dump = "/path/to/pg_dump" in'
        " config.toml.",
    )
