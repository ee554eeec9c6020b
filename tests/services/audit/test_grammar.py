"""What can be typed, what is said of what cannot, and where."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.services.audit.grammar import FIELDS, FLAGS, Search, SearchError, parse_search

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("user:ana patent:5", 9, "There is no field patent."),
        ("action:look", 7, "There is no action look."),
        ("user:", 5, 'A value is missing after "user:".'),
        ("user:ana,", 5, None),
        ('user:ana "ward', 9, "A quote is not closed."),
        ("session:5", 8, "5 is no uuid."),
        ("ip:10.2.0.0/99", 3, "neither an address nor a network"),
        ("since:2026-02-30", 0, "2026-02-30 is no day of the calendar."),
        ("since:soon", 0, "soon is no moment."),
        ("since:2026-03-14 until:2026-03-14", 0, "since: is not before until:."),
        ("until:all", 0, "until: takes a moment."),
        ("-since:7d", 0, "takes one moment"),
        ("since:7d,8d", 0, "takes one moment"),
        ("user:a user:b", 7, "user is there twice."),
        ("bulk -bulk", 5, "leave nothing"),
        ("since:99999y", 0, "no moment"),
        ("-", 0, "nothing to search for"),
        ("bulk user=jose", 5, "A field has a colon behind it: user:, not user=."),
    ],
)
def test_what_is_wrong_and_where(text: str, position: int, says: str | None) -> None:
    if says is None:
        assert parse_search(text, NOON).values("user") == ("ana",)
        return
    with pytest.raises(SearchError, match=says) as caught:
        parse_search(text, NOON)
    assert caught.value.position == position
    assert caught.value.exit == 2


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("", "2026-02-12T12:00", "2026-03-14T12:00"),
        ("since:all", None, "2026-03-14T12:00"),
        ("until:2026-01-31", "2026-01-01T00:00", "2026-01-31T00:00"),
        ("since:2026-01-01T01:00+02:00 until:12h", "2025-12-31T23:00", "2026-03-14T00:00"),
    ],
)
def test_spans(text: str, since: str | None, until: str) -> None:
    found = parse_search(text, NOON)
    assert found.since == (since and datetime.fromisoformat(since).replace(tzinfo=UTC))
    assert found.until == datetime.fromisoformat(until).replace(tzinfo=UTC)


PIECES = [*' :-",.%\x00é7', *FIELDS, *FLAGS, "2026-02-30", "all"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_anything_is_a_search_or_a_sentence(text: str) -> None:
    found, error = _read(text)
    if error is None:
        assert found is not None
        assert all(term.field in (*FIELDS, *FLAGS, "text") for term in found.terms)
    else:
        assert 0 <= error.position <= len(text)
        assert error.message


def _read(text: str) -> tuple[Search | None, SearchError | None]:
    try:
        return parse_search(text, NOON), None
    except SearchError as error:
        return None, error


@given(st.lists(st.sampled_from(["user:ana", "-action:view", "bulk", '"a b"', "-system:EPIC"]), unique=True))
def test_order_and_blanks_change_nothing(terms: list[str]) -> None:
    found = parse_search("  ".join(terms), NOON)
    back = parse_search(" ".join(reversed(terms)), NOON)
    assert {(t.field, t.values, t.negated) for t in found.terms} == {(t.field, t.values, t.negated) for t in back.terms}
    assert len(found.terms) == len(terms)
