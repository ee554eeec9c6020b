"""Text files that a person wrote, and the sentence for one that cannot be read."""

import errno
import os
import stat
from pathlib import Path

from console.errors import UsageError

MOST = 1_000_000
"""Bytes of such a file at most."""


def read_regular(path: Path, most: int) -> bytes:
    """The bytes of a file, none of the null device's, which people name to have none.

    OSError also for a pipe, which may never answer, and for what is larger than `most`.
    """
    # Without O_NONBLOCK opening a pipe waits for somebody who writes, and hears no signal meanwhile.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
        known = os.fstat(file.fileno())
        nothing = stat.S_ISCHR(known.st_mode) and known.st_rdev == Path(os.devnull).stat().st_rdev
        if not stat.S_ISREG(known.st_mode) and not nothing:
            raise OSError(errno.EINVAL, "it is no regular file")
        found = file.read(most + 1)
    if len(found) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most // 1_000_000} MB")
    return found


def read_text(path: Path) -> str | None:
    """The file's text with plain newlines; None if there is no such file, UsageError if it cannot be read."""
    try:
        return read_regular(path, MOST).decode().replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        what = f"{path.absolute()}, line {line}: this is not UTF-8 text."
    except OSError as error:
        what = f"{path.absolute()} cannot be read: {error.strerror}."
    # Raised out here, so that no cause carries the file's bytes along: they may hold a password.
    raise UsageError(what)
