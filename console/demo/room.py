"""How much room a demo takes on the disk, and what a person reads where there is less."""

import errno
import os
import re
import shutil
from pathlib import Path

from console.errors import ConsoleError, Exit
from console.units import bytes_text

EMPTY = 240 << 20
"""Bytes of a server with the schema, and with a partition for each week of seven years."""

ROWS = 9 << 30
"""Bytes of the rows at scale 1."""

JOURNAL = 18 << 30
"""Bytes that building them writes ahead, at scale 1."""

JOURNAL_LIMIT = 2200 << 20
"""Bytes that are kept of it at most."""

SPENT = 32 << 20
"""Two segments of that journal: with less left, what broke broke for want of room."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
SAID = re.compile("|".join(os.strerror(number) for number in sorted(NO_ROOM)))
"""What a program says that meets one of them."""


def needed(scale: float) -> int:
    """Bytes that a demo takes while it is built, at most.

    >>> [bytes_text(needed(scale)) for scale in (0.0001, 0.01, 0.05, 1)]
    ['243 MB', '516 MB', '1.58 GB', '11.4 GB']
    """
    return EMPTY + int(ROWS * scale) + min(int(JOURNAL * scale), JOURNAL_LIMIT)


def check(home: Path, scale: float) -> None:
    """Build nothing where it has no room: to fill a disk harms everybody on it."""
    if shutil.disk_usage(home).free < needed(scale):
        raise missing(home, scale, "Nothing was started.")


def is_spent(home: Path, said: str) -> bool:
    """Whether the disk is the cause of what broke; a full one does not even take the server's word for it."""
    told = any(SAID.search(line) and "shared memory" not in line for line in said.splitlines())  # that is no disk
    return told or shutil.disk_usage(home).free < SPENT


def missing(home: Path, scale: float, state: str) -> ConsoleError:
    """What there is, what it takes, and what takes less."""
    free, less = shutil.disk_usage(home).free, scale / 10
    return ConsoleError(
        f"There is no room for a demo at scale {scale:g} in {home}: it takes about {bytes_text(needed(scale))}, "
        f"and {bytes_text(free)} are free.",
        state=state,
        hint=f"Free some, or take a smaller one: --scale {less:g} takes about {bytes_text(needed(less))}.",
        exit=Exit.OUT_OF_SPACE,
    )
