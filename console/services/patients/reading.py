"""Records of a file one after the other, in constant memory, whatever the file holds."""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from console.services.patients.models import Column, Finding

MOST = 1 << 20
"""Bytes of one record; a longer one would be read into memory whole."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

TOO_LONG = f"is longer than {MOST:,} bytes"
NO_CSV = f"is not CSV that can be read, or {TOO_LONG}; nothing behind it was read"
NO_TEXT = "is not UTF-8 text"
EMPTY = "the file is empty"
UNKNOWN_KEY = "holds a key that is no column of patients"


class TooLong(Exception):
    """A record is longer than MOST."""


class Broken(Exception):
    """A rule is broken; the message is the rule, never the value."""


class Unusable(Exception):
    """The file says nothing about patients."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self.findings = findings
        """Why."""


@dataclass(frozen=True, slots=True)
class Record:
    """What one patient's record says."""

    line: int
    """Where it begins."""
    values: dict[str, object]
    """By column; text of CSV, anything of JSON."""


Reader = Callable[["Lines", list[Column]], Iterator[Record | Finding]]
"""Reads one format; what is no record is a finding."""


class Lines:
    """The lines of a file as text. Bytes that are not UTF-8 become lone surrogates, so that the field can be named."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._room = MOST
        self._sha256 = hashlib.sha256()
        self.number = 0
        """Lines read so far."""

    @property
    def sha256(self) -> str:
        """The hash of what was read so far."""
        return self._sha256.hexdigest()

    def begin(self) -> int:
        """Begin a record; returns the number of its first line."""
        self._room = MOST
        return self.number + 1

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        raw = self._read(self._room + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        self._room -= len(raw)
        if self._room < 0:
            self._skip(raw)
            raise TooLong
        return (raw.removeprefix(BYTE_ORDER_MARK) if self.number == 1 else raw).decode("utf-8", "surrogateescape")

    def _skip(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self._read(1 << 16)

    def _read(self, size: int) -> bytes:
        raw = self._file.readline(size)
        self._sha256.update(raw)
        return raw


def read_csv(lines: Lines, columns: list[Column]) -> Iterator[Record | Finding]:
    """Comma-separated values with a heading; ends at the first line where cells cannot be told apart any more."""
    reader = csv.reader(lines, strict=True)
    line = lines.begin()
    try:
        names = next(reader, None)
        refuse_heading(names, columns)
        assert names is not None  # refused
        line = lines.begin()
        for cells in reader:
            if len(cells) == len(names):
                yield Record(line, dict(zip(names, cells, strict=True)))
            elif cells:  # else an empty line
                yield Finding(line=line, field=None, rule=f"has {len(cells)} cells where the heading has {len(names)}")
            line = lines.begin()
    except (csv.Error, TooLong):
        yield Finding(line=line, field=None, rule=NO_CSV)


def read_jsonl(lines: Lines, columns: list[Column]) -> Iterator[Record | Finding]:
    """One JSON object a line."""
    known = {column.name for column in columns}
    while True:
        line = lines.begin()
        try:
            text = next(lines)
        except StopIteration:
            break
        except TooLong:
            yield Finding(line=line, field=None, rule=TOO_LONG)
            continue
        if text.strip():
            yield _object(line, text, known)
    if lines.number == 0:
        raise Unusable([Finding(line=1, field=None, rule=EMPTY)])


READERS: dict[str, Reader] = {"csv": read_csv, "jsonl": read_jsonl}
"""By the name of the format."""


def refuse_heading(names: list[str] | None, columns: list[Column]) -> None:
    """Stop unless the heading is of columns of patients, each once, and of all that are required.

    What it says instead is not told: without a heading it would be the first patient.
    """
    if names is None:
        raise Unusable([Finding(line=1, field=None, rule=EMPTY)])
    known = {column.name for column in columns}
    wrong = [_of_heading(None, _stranger(place, name)) for place, name in enumerate(names, 1) if name not in known]
    wrong += [_of_heading(name, "stands there twice") for name in sorted(known) if names.count(name) > 1]
    wrong += [_of_heading(c.name, "is missing") for c in columns if c.required and c.name not in names]
    if wrong:
        raise Unusable(wrong)


def _of_heading(field: str | None, rule: str) -> Finding:
    return Finding(line=1, field=field, rule=f"{rule} in the heading" if field else rule)


def _stranger(place: int, name: str) -> str:
    wrong = NO_TEXT if not is_text(name) else "is no column of patients"
    return f"column {place} of the heading {wrong}"


def _object(line: int, text: str, known: set[str]) -> Record | Finding:
    try:
        found = parse_json(text)
    except Broken as broken:
        return Finding(line=line, field=None, rule=str(broken))
    if not isinstance(found, dict):
        return Finding(line=line, field=None, rule="is no JSON object")
    if not known >= found.keys():
        return Finding(line=line, field=None, rule=UNKNOWN_KEY)
    return Record(line, found)


def parse_json(text: str) -> object:
    """A JSON value; Broken says what is wrong with it.

    >>> parse_json('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ...
    console.services.patients.reading.Broken: holds a key twice
    """
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except (ValueError, RecursionError):
        raise Broken("is no JSON") from None


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Broken("holds a key twice")
    return found


def _constant(name: str) -> NoReturn:
    raise Broken(f"holds {name}, which is no JSON")


def is_text(value: str) -> bool:
    r"""Whether it was UTF-8 in the file.

    >>> is_text("Zo\u00eb"), is_text(b"Zo\xeb".decode("utf-8", "surrogateescape"))
    (True, False)
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
