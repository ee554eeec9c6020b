"""pg_dump into a new file, told while it grows."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from console.db.handover import Handover
from console.migrate.backup import child
from console.migrate.backup.models import Hear, Progress
from console.migrate.backup.programs import Programs
from console.migrate.backup.snapshot import LOCK_WAIT

FILE = "database.dump"
"""The dump's name."""

INTERVAL = 1.0
"""Seconds between two tellings."""

_TABLE = "dumping contents of table"


class Dumping:
    """One pg_dump on its way, hearing its verbose lines."""

    def __init__(self, file: Path, hear: Hear) -> None:
        self._file = file
        self._hear = hear
        self._tables = 0
        self._next = 0.0

    def __call__(self, line: str) -> None:
        """One line that it said."""
        self._tables += _TABLE in line
        now = asyncio.get_running_loop().time()
        if now >= self._next:
            self._next = now + INTERVAL
            self._hear(Progress("dumping", self._file.stat().st_size, self._tables))


async def dump(
    programs: Programs, reach: Handover, folder: Path, hear: Hear, *, role: str | None, options: Sequence[str]
) -> None:
    """Write the dump, complete and on the disk: pg_dump waits for that itself."""
    file = folder / FILE
    file.touch(mode=0o600, exist_ok=False)
    asked = ["--format=custom", "--verbose", "--no-password", f"--lock-wait-timeout={LOCK_WAIT}", f"--file={file}"]
    asked += [f"--role={role}"] if role else []
    await child.follow(programs.pg_dump, *asked, *options, reach=reach, hear=Dumping(file, hear))
