"""The rules that a patient's record keeps, decided from the columns of the table."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from console.services.patients.models import Column, Finding
from console.services.patients.reading import NO_TEXT, Broken, Record, is_text, parse_json

IDENTIFIERS = frozenset({"mrn", "emr_patient_id"})
"""What patients are found by: a blank before or behind it would make another patient."""

MISSING = "is missing"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check(record: Record, columns: list[Column]) -> tuple[list[str | None], list[Finding]]:
    """What goes into the columns, and which rules are broken."""
    row: list[str | None] = []
    findings: list[Finding] = []
    for column in columns:
        try:
            row.append(value_of(column, record.values.get(column.name)))
        except Broken as broken:
            findings.append(Finding(line=record.line, field=column.name, rule=str(broken)))
    return row, findings


def value_of(column: Column, value: object) -> str | None:
    """The value as COPY takes it, None where the record says nothing; raises the rule that is broken."""
    if value is None or (isinstance(value, str) and not value.strip()):
        if column.required:
            raise Broken(MISSING)
        return None
    return KINDS[column.kind](column, value)


def _text(column: Column, value: object) -> str:
    text = _plain(value)
    if column.name in IDENTIFIERS and text != text.strip():
        raise Broken("begins or ends with a blank")
    if column.longest is not None and len(text) > column.longest:
        raise Broken(f"is longer than {column.longest} characters")
    return text


def _word(column: Column, value: object) -> str:
    text = _plain(value)
    if text not in column.words:
        raise Broken(f"is none of {', '.join(column.words)}")
    return text


def _date(column: Column, value: object) -> str:
    text = _plain(value)
    try:
        born = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        born = None
    if born is None:
        raise Broken("is no date that exists, as YYYY-MM-DD")
    if born > datetime.now(UTC).date() + timedelta(days=1):  # east of us it is tomorrow already
        raise Broken("is in the future")
    return text


def _json(column: Column, value: object) -> str:
    found = parse_json(value) if isinstance(value, str) else value
    if not isinstance(found, dict):
        raise Broken("is no JSON object")
    try:
        text = json.dumps(found, ensure_ascii=False, allow_nan=False)
        storable = is_text(text) and not any("\0" in each for each in _strings(found))
    except (ValueError, RecursionError):  # a number beyond all bounds, or thousands of brackets
        storable, text = False, ""
    if not storable:
        raise Broken("holds what cannot be stored as JSON")
    return text


def _plain(value: object) -> str:
    """Text of one line."""
    if not isinstance(value, str):
        raise Broken("is no text in quotes")
    if not is_text(value):
        raise Broken(NO_TEXT)
    if _CONTROL.search(value):
        raise Broken("holds a control character")
    return value


def _strings(value: object) -> Iterator[str]:
    """Every string in a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


KINDS: dict[str, Callable[[Column, object], str]] = {"text": _text, "word": _word, "date": _date, "json": _json}
"""What each kind of column takes."""
