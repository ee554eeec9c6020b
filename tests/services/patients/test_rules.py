"""What a patient's record must be like, value by value."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from console.services.patients.models import Column
from console.services.patients.reading import Broken, Record
from console.services.patients.rules import check, value_of

Kind = Literal["text", "word", "date", "json"]


def column(
    kind: Kind = "text", *, name: str = "last_name", longest: int | None = None, required: bool = False
) -> Column:
    words = ["EPIC", "CERNER"] if kind == "word" else []
    return Column(name=name, kind=kind, longest=longest, required=required, words=words, default=None)


TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("takes", "value", "stored"),
    [
        (column(), "Zoë", "Zoë"),
        (column(), " a name ", " a name "),
        (column(), "", None),
        (column(), "   ", None),
        (column(), None, None),
        (column(longest=3), "äöü", "äöü"),
        (column("word"), "EPIC", "EPIC"),
        (column("date"), "1980-02-29", "1980-02-29"),
        (column("date"), str(TODAY), str(TODAY)),
        (column("json"), '{"a": 1}', '{"a": 1}'),
        (column("json"), {"a": ["ü", None]}, '{"a": ["ü", null]}'),
        (column("json"), '{"a": "\\\\u0000"}', '{"a": "\\\\u0000"}'),
    ],
)
def test_what_is_taken(takes: Column, value: object, stored: str | None) -> None:
    assert value_of(takes, value) == stored


@pytest.mark.parametrize(
    ("takes", "value", "rule"),
    [
        (column(required=True), None, "is missing"),
        (column(required=True), "  ", "is missing"),
        (column(longest=3), "long", "is longer than 3 characters"),
        (column(), "a\0b", "holds a control character"),
        (column(), "a\nb", "holds a control character"),
        (column(), "\x1b[2J", "holds a control character"),
        (column(), b"Zo\xeb".decode("utf-8", "surrogateescape"), "is not UTF-8 text"),
        (column(), "\ud800", "is not UTF-8 text"),
        (column(), 4711, "is no text in quotes"),
        (column(), ["Ann"], "is no text in quotes"),
        (column(name="mrn"), " 1", "begins or ends with a blank"),
        (column(name="emr_patient_id"), "1\N{NO-BREAK SPACE}", "begins or ends with a blank"),
        (column("word"), "epic", "is none of EPIC, CERNER"),
        (column("date"), "1981-02-29", "is no date that exists, as YYYY-MM-DD"),
        (column("date"), "29.02.1980", "is no date that exists, as YYYY-MM-DD"),
        (column("date"), "19800229", "is no date that exists, as YYYY-MM-DD"),
        (column("date"), "1980-W09-5", "is no date that exists, as YYYY-MM-DD"),
        (column("date"), "1980-02-29T00:00", "is no date that exists, as YYYY-MM-DD"),
        (column("date"), "0000-01-01", "is no date that exists, as YYYY-MM-DD"),
        (column("date"), 19800229, "is no text in quotes"),
        (column("date"), str(TODAY + timedelta(days=2)), "is in the future"),
        (column("json"), "[1]", "is no JSON object"),
        (column("json"), "{", "is no JSON"),
        (column("json"), 7, "is no JSON object"),
        (column("json"), '{"a": 1e999}', "holds what cannot be stored as JSON"),
        (column("json"), '{"a": "\\u0000"}', "holds what cannot be stored as JSON"),
        (column("json"), {"\0": 1}, "holds what cannot be stored as JSON"),
        (column("json"), '{"a": "\\ud800"}', "holds what cannot be stored as JSON"),
    ],
)
def test_what_is_not(takes: Column, value: object, rule: str) -> None:
    with pytest.raises(Broken) as caught:
        value_of(takes, value)
    assert str(caught.value) == rule


def test_every_broken_rule_of_a_record_is_told() -> None:
    columns = [column(name="mrn", required=True), column("date", name="date_of_birth"), column(name="phone")]
    row, findings = check(Record(7, {"date_of_birth": "never", "phone": "555-0100"}), columns)
    assert row == ["555-0100"]
    assert [(each.line, each.field) for each in findings] == [(7, "mrn"), (7, "date_of_birth")]
