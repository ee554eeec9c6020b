"""The file of an export: `.partial` until it is whole, for its owner alone, and never written over another one."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

from console.errors import ConsoleError, Exit, UsageError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

MANIFEST = ".manifest.json"
"""What the name of a manifest has behind the name of its file."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where an export goes."""

    final: Path
    """The file."""

    @property
    def partial(self) -> Path:
        """What it is called until it is whole."""
        return self.final.with_name(self.final.name + ".partial")

    @property
    def manifest(self) -> Path:
        """Beside it."""
        return beside(self.final)

    @classmethod
    def named(cls, output: Path, masked: bool) -> Self:
        """The places of a file whose name says whether it is masked; UsageError for any other name.

        >>> Places.named(Path("march.csv"), True).final.name, Places.named(Path("march.unmasked.csv"), False).final.name
        ('march.masked.csv', 'march.unmasked.csv')
        """
        word, other = (".masked", ".unmasked") if masked else (".unmasked", ".masked")
        if not output.name or other in output.suffixes:
            raise UsageError(f"{output} is no name for a file that is {word[1:]}.", state="Nothing was exported.")
        check_regular(output, "Nothing was exported.")
        said = word in output.suffixes
        return cls(output if said else output.with_name(f"{output.stem}{word}{output.suffix}"))

    def check(self) -> None:
        """UsageError where one of them is taken, or the folder is not there."""
        for path in (self.final, self.partial, self.manifest, beside(self.partial)):
            if os.path.lexists(path):
                raise UsageError(
                    f"{path} is there already, and an export writes over nothing.",
                    state="Nothing was exported.",
                    hint="Name another file, or move that one away.",
                )
        if not self.final.parent.is_dir():
            raise UsageError(f"There is no folder {self.final.parent}.", state="Nothing was exported.")


def check_regular(path: Path, state: str) -> None:
    """UsageError where something else than a file has this name: a folder, a pipe, a device."""
    try:
        mode = path.stat().st_mode
    except OSError:  # whoever opens it is told why
        return
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "no regular file"
        raise UsageError(f"{path} is {what}.", state=state, hint="Name a file.")


def beside(path: Path) -> Path:
    """The manifest of a file."""
    return path.with_name(path.name + MANIFEST)


class Partial:
    """A file that is being written; rows, bytes and digest are of what stands in it."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.rows = 0
        """Rows in the file."""
        self.bytes = 0
        """Its size."""
        self._digest = sha256()
        with told(places.partial):
            self._file = _create(places.partial)

    @property
    def sha256(self) -> str:
        """Of the file, hexadecimal."""
        return self._digest.hexdigest()

    def add(self, rows: int, block: bytes) -> None:
        """So many rows more, whole ones, or what stands before and behind all of them."""
        with told(self.places.partial):
            rest = memoryview(block)
            while rest:
                rest = rest[os.write(self._file, rest) :]
        self._digest.update(block)
        self.rows += rows
        self.bytes += len(block)

    def finish(self) -> None:
        """Everything is on the disk."""
        with told(self.places.partial):
            os.fsync(self._file)

    def stop(self) -> None:
        """Nothing more comes: the file ends with the last rows that were written whole."""
        os.ftruncate(self._file, self.bytes)
        os.close(self._file)

    def publish(self) -> None:
        """Give it its name."""
        with told(self.places.partial):
            self.places.partial.rename(self.places.final)
        os.close(self._file)
        with suppress(OSError):  # some file systems cannot; the file is whole all the same
            _sync_folder(self.places.final.parent)


def write_new(path: Path, text: bytes) -> None:
    """A small file, on the disk when this returns; where it cannot be written whole, there is none."""
    with told(path):
        opened = _create(path)
        try:
            with os.fdopen(opened, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink()
            raise


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the system says of a file as a sentence; a full disk has its own exit code."""
    try:
        yield
    except OSError as error:
        full = error.errno in _FULL
        raise ConsoleError(
            f"The disk is full: {path} cannot grow." if full else f"{path} cannot be written: {error.strerror}.",
            hint="Free some space, or name a file elsewhere." if full else "Name a file elsewhere.",
            exit=Exit.OUT_OF_SPACE if full else Exit.USAGE,
        ) from error
