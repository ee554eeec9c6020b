"""What the server's account has written: it may have put anything in the place of a file, and of a process."""

import os
import stat
from pathlib import Path

MOST = 4096
"""Bytes of the small files that we read there."""


def text(path: Path) -> str | None:
    """The beginning of a file of theirs; None where there is none, but perhaps a link to one of ours, or a pipe."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            return None
        return file.read(MOST).decode(errors="replace")
