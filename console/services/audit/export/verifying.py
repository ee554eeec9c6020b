"""Whether a file and its manifest are as the export left them; needs no server."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import get_args

from console.errors import UsageError
from console.services.audit.export import formats
from console.services.audit.export.file import MANIFEST, beside, check_regular
from console.services.audit.export.manifest import Manifest, digest, parsed, signed_part
from console.services.audit.export.models import Format
from console.services.audit.export.signing import Signature, checked

BLOCK = 1 << 20
"""Bytes that are read at once."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be proved of a file."""

    file: Path
    """The file."""
    manifest_ok: bool
    """Whether the manifest is as it was written, every byte of it."""
    sha256_ok: bool
    """Whether the file has the digest and the size that the manifest names."""
    rows_ok: bool
    """Whether it has so many rows."""
    complete: bool
    """Whether the export was finished, not stopped."""
    signature: Signature
    """The signature of the manifest."""
    key: str | None
    """The public key that has signed, hexadecimal; None without a signature."""
    key_expected: bool | None
    """Whether that is the key of the configuration; None where none is configured."""

    @property
    def ok(self) -> bool:
        """Whether everything is proved that can be."""
        parts = self.manifest_ok and self.sha256_ok and self.rows_ok and self.complete
        return parts and self.signature != "invalid" and self.key_expected is not False

    def as_json(self) -> dict[str, object]:
        """As --json spells it."""
        return {
            "file": str(self.file),
            "manifest_ok": self.manifest_ok,
            "sha256_ok": self.sha256_ok,
            "rows_ok": self.rows_ok,
            "complete": self.complete,
            "signature": self.signature,
            "key": self.key,
            "key_expected": self.key_expected,
            "ok": self.ok,
        }

    def findings(self) -> list[str]:
        """What is wrong, a sentence each; and where nothing is, how far the proof goes."""
        told = {
            "The manifest was changed.": not self.manifest_ok,
            "The file is not the one that was exported: its SHA-256 or its size differs.": not self.sha256_ok,
            "The number of rows differs.": not self.rows_ok,
            "The export was not finished.": not self.complete,
            "The signature is invalid.": self.signature == "invalid",
            "It is not signed, though a key is configured.": self.signature == "absent" and self.key_expected is False,
            "It is signed by another key than the configured one.": (
                self.signature == "valid" and self.key_expected is False
            ),
        }
        return [sentence for sentence, wrong in told.items() if wrong]


def exported(path: Path) -> Path:
    """The file that is meant, where somebody names its manifest.

    >>> exported(Path("may.masked.csv.manifest.json")).name, exported(Path("may.masked.csv")).name
    ('may.masked.csv', 'may.masked.csv')
    """
    meant = path.name.removesuffix(MANIFEST)
    return path.with_name(meant) if meant else path


def verify(path: Path, expected: str | None) -> Verdict:
    """Read file and manifest; `expected` is the public key that has to have signed, None where any may have.

    UsageError where one of them cannot be read.
    """
    path = exported(path)
    check_regular(path, "Nothing was verified.")
    check_regular(beside(path), "Nothing was verified.")
    text = _text(beside(path))
    told = parsed(text)
    if told is None or str(told.get("format")) not in get_args(Format):
        return Verdict(path, False, False, False, False, "absent", None, None if expected is None else False)
    signature, key = _signature(told)
    size, found, rows = _read(path, told)
    return Verdict(
        file=path,
        manifest_ok=told.get("digest") == digest(told),
        sha256_ok=(told.get("bytes"), told.get("sha256")) == (size, found),
        rows_ok=told.get("rows") == rows,
        complete=told.get("complete") is True,
        signature=signature,
        key=key,
        key_expected=None if expected is None else signature == "valid" and key == expected,
    )


def _signature(told: Manifest) -> tuple[Signature, str | None]:
    key, signature = told.get("public_key"), told.get("signature")
    if key is None and signature is None:
        return "absent", None
    if not (isinstance(key, str) and isinstance(signature, str)):
        return "invalid", None
    return checked(key, signature, signed_part(told)), key


def _read(path: Path, told: Manifest) -> tuple[int, str, int]:
    """Size, digest and rows of the file."""
    count, size, seen = _Rows(told["format"] == "csv"), 0, sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                seen.update(block)
                size += len(block)
                count.read(block)
    except OSError as error:
        raise _unreadable(path, error) from error
    return size, seen.hexdigest(), count.lines - formats.frame(told["format"])


class _Rows:
    """Counts lines; in CSV those that do not end inside of quotes."""

    def __init__(self, quoted: bool) -> None:
        self.lines = 0
        self._quoted = quoted
        self._inside = 0

    def read(self, block: bytes) -> None:
        """Some more of the file."""
        if not self._quoted:
            self.lines += block.count(b"\n")
            return
        pieces = block.split(b'"')
        self.lines += sum(piece.count(b"\n") for piece in pieces[self._inside :: 2])
        self._inside = (self._inside + len(pieces) - 1) % 2


def _text(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path} cannot be read: {error.strerror}.",
        state="Nothing was verified.",
        hint="File and manifest belong into the same folder.",
    )
