"""Files of patients as they come: every record or a finding, never a value, and never more than a record in memory."""

import hashlib
import io
import json
import os
import tracemalloc
from pathlib import Path

import pytest

from console.services.patients import reading
from console.services.patients.models import Column, Finding
from console.services.patients.reading import MOST, READERS, Lines, Record, Unusable


def column(name: str, *, required: bool = False) -> Column:
    return Column(name=name, kind="text", longest=None, required=required, words=[], default=None)


COLUMNS = [column("mrn", required=True), column("name"), column("note")]


def read(form: str, raw: bytes) -> list[Record | Finding]:
    return list(READERS[form](Lines(io.BytesIO(raw)), COLUMNS))


def values(form: str, raw: bytes) -> list[dict[str, object]]:
    """What the records say; every one must be one."""
    found = read(form, raw)
    assert all(isinstance(each, Record) for each in found), found
    return [each.values for each in found if isinstance(each, Record)]


def told(form: str, raw: bytes) -> list[tuple[int, str | None, str]]:
    """The findings."""
    return [(each.line, each.field, each.rule) for each in read(form, raw) if isinstance(each, Finding)]


def refused(form: str, raw: bytes) -> list[str]:
    """Why a whole file is refused."""
    with pytest.raises(Unusable) as caught:
        read(form, raw)
    assert all(finding.line == 1 for finding in caught.value.findings)
    return [" ".join(filter(None, (each.field, each.rule))) for each in caught.value.findings]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"mrn,name\n1,Ann\n2,Bob\n", [("1", "Ann"), ("2", "Bob")]),
        (b"mrn,name\r\n1,Ann\r\n2,Bob", [("1", "Ann"), ("2", "Bob")]),
        (b"\xef\xbb\xbfmrn,name\n1,Ann\n", [("1", "Ann")]),
        (b'"mrn","name"\n"1","Smith, ""Ann"""\n', [("1", 'Smith, "Ann"')]),
        (b"mrn,name\n\n1,Ann\n\n\n2,Bob\n", [("1", "Ann"), ("2", "Bob")]),
        (b'mrn,name\n1,"two\nlines"\n2,Bob\n', [("1", "two\nlines"), ("2", "Bob")]),
        ("mrn,name\n1,Zoë\n".encode(), [("1", "Zoë")]),
        (b"mrn,name\n", []),
    ],
)
def test_csv(raw: bytes, expected: list[tuple[str, str]]) -> None:
    assert values("csv", raw) == [{"mrn": mrn, "name": name} for mrn, name in expected]


def test_lines_are_those_of_the_file() -> None:
    raw = b'mrn,name\n\n1,"two\nlines"\n2,Bob\n3,Cid,\n'
    assert [each.line for each in read("csv", raw)] == [3, 5, 6]
    assert told("csv", raw) == [(6, None, "has 3 cells where the heading has 2")]


@pytest.mark.parametrize(
    "raw",
    [
        b'mrn,name\n1,Ann\n2,"Bob\n3,Cid\n',
        b'mrn,name\n1,Ann\n2,"Bob" or so\n3,Cid\n',
        b"mrn,name\n1,Ann\n2,B\rob\n3,Cid\n",
        b"mrn,name\n1,Ann\n2," + b"x" * 10 * MOST + b"\n3,Cid\n",
        b'mrn,name\n1,Ann\n2,"' + b"x\n" * 5 * MOST,
        b'mrn,name\n1,Ann\n2,"' + b'x\n","' * MOST,
    ],
    ids=["open quote", "text after a quote", "carriage return", "long line", "long cell", "long record"],
)
def test_csv_ends_where_cells_cannot_be_told_apart(raw: bytes) -> None:
    found = read("csv", raw)
    assert [each.line for each in found] == [2, 3]
    assert told("csv", raw) == [(3, None, reading.NO_CSV)]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", ["the file is empty"]),
        (b"name\nAnn\n", ["mrn is missing in the heading"]),
        (b"mrn,name,mrn\n1,Ann,1\n", ["mrn stands there twice in the heading"]),
        (b"mrn;name\n", ["column 1 of the heading is no column of patients", "mrn is missing in the heading"]),
        (b"mrn,SSN\n1,2\n", ["column 2 of the heading is no column of patients"]),
        (b"mrn,Zo\xeb\n", ["column 2 of the heading is not UTF-8 text"]),
        ("mrn,name\n".encode("utf-16"), ["column 1 of the heading is not UTF-8 text"]),
    ],
)
def test_csv_without_a_heading_that_fits(raw: bytes, why: list[str]) -> None:
    assert refused("csv", raw)[: len(why)] == why


def test_a_patient_in_place_of_the_heading_is_not_told() -> None:
    assert not any("Doe" in why or "4711" in why for why in refused("csv", b"4711,Doe,Jane\n4712,Roe,Max\n"))


def test_jsonl() -> None:
    raw = b'\xef\xbb\xbf{"mrn": "1", "note": {"a": [1]}}\n\n{"mrn": "2", "name": null}\r\n'
    assert values("jsonl", raw) == [{"mrn": "1", "note": {"a": [1]}}, {"mrn": "2", "name": None}]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (b"no json", "is no JSON"),
        (b'{"mrn": "1"', "is no JSON"),
        (b'{"mrn": "1"} {"mrn": "2"}', "is no JSON"),
        (b'["mrn"]', "is no JSON object"),
        (b'{"mrn": "1", "mrn": "2"}', "holds a key twice"),
        (b'{"mrn": NaN}', "holds NaN, which is no JSON"),
        (b'{"mrn": "1", "ssn": "2"}', reading.UNKNOWN_KEY),
        (b'{"note": ' + b"[" * 100_000 + b"}", "is no JSON"),
        (b'{"mrn": ' + b"9" * 5_000 + b"}", "is no JSON"),
        (b'{"mrn": "' + b"x" * 10 * MOST + b'"}', reading.TOO_LONG),
    ],
)
def test_jsonl_goes_on_behind_a_line_that_is_wrong(line: bytes, rule: str) -> None:
    raw = b'{"mrn": "1"}\n' + line + b'\n{"mrn": "3"}\n'
    assert [each.line for each in read("jsonl", raw)] == [1, 2, 3]
    assert told("jsonl", raw) == [(2, None, rule)]


def test_an_empty_file_of_json() -> None:
    assert refused("jsonl", b"") == ["the file is empty"]


@pytest.mark.parametrize(("form", "start"), [("csv", b'mrn\n"'), ("jsonl", b'{"mrn": "')])
def test_a_line_without_end_takes_no_memory(form: str, start: bytes, tmp_path: Path) -> None:
    file = tmp_path / "patients"
    file.write_bytes(start)
    os.truncate(file, 60 << 20)  # a hole full of NUL
    tracemalloc.start()
    try:
        with file.open("rb") as opened:
            assert len(list(READERS[form](Lines(opened), COLUMNS))) == 1
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


def test_the_hash_is_of_the_whole_file() -> None:
    raw = json.dumps({"mrn": "x" * MOST}).encode() + b'\n{"mrn": "1"}\n'
    lines = Lines(io.BytesIO(raw))
    list(READERS["jsonl"](lines, COLUMNS))
    assert lines.sha256 == hashlib.sha256(raw).hexdigest()
