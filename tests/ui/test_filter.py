"""The grammar of filters."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import UsageError
from console.ui import patterns
from console.ui.columns import Column, Kind
from console.ui.filter import FilterError, parse_filter
from console.ui.patterns import TooSlow, compiled
from tests.ui.sample import COLUMNS, Row

SIZE = Column[Row](id="size", title="size", value=lambda r: r.blocks or None, width=5, kind=Kind.BYTES)
BLOCKED = Column[Row](
    id="by",
    title="blocked sessions (now)",
    value=lambda r: r.blocks,
    drawn=lambda r: "held" if r.blocks else "",
    width=5,
    kind=Kind.NUMBER,
)
ALL = (*COLUMNS, SIZE)

ROWS = (
    Row(4711, "emr_app", "idle in transaction", 720.0, "update tasks set x = ?", blocks=2_000_000_000),
    Row(4712, "dba", "active", 3.0, "select 1"),
    Row(4713, "emr_app", "idle", None, "select * from patients"),
)


def kept(text: str) -> list[int]:
    wanted = parse_filter(text, (*ALL, BLOCKED))
    return [row.pid - 4710 for row in ROWS if wanted(row)]


@pytest.mark.parametrize(
    ("text", "pids"),
    [
        ("", [1, 2, 3]),
        ("   ", [1, 2, 3]),
        ("SELECT", [2, 3]),
        ("select patients", [3]),
        ('"in transaction"', [1]),
        ("!select", [1]),
        ('!"in transaction"', [2, 3]),
        ("4712", [2]),
        ("state:idle", [3]),
        ("state:IDLE,active", [2, 3]),
        ("state:idle_in_transaction", [1]),
        ('state:"idle in transaction",active', [1, 2]),
        ("state:idle*", [1, 3]),
        ("state:*trans*", [1]),
        ("state!:idle", [1, 2]),
        ("state!:idle*", [2]),
        ("st:active", [2]),
        ("user:emr_app", [1, 3]),
        ("statement~^update", [1]),
        ("Statement:select*", [2, 3]),
        ("sta:active", [2]),
        ("stateme:select*", [2, 3]),
        ("blocked_sessions>0", [1]),
        ("blocked:2000000000", [1]),
        ("age:12m", [1]),
        ("age:3s,12m", [1, 2]),
        ("age!:12m", [2, 3]),
        ("age~m$", [1]),
        ("size:1.86GB", [1]),
        ("pid:47*", [1, 2, 3]),
        ("pid:4712,4713", [2, 3]),
        ("held", [1]),
        ("pid:4711,4713", [1, 3]),
        ("pid>4711", [2, 3]),
        ("pid>=4,711", [1, 2, 3]),
        ("query~^update", [1]),
        ("query!~^update", [2, 3]),
        (r"query~set\s+x", [1]),
        ("age>30s", [1]),
        ("age>=12m", [1]),
        ("age<1h", [1, 2]),
        ("age>30s !patients", [1]),
        ('age:""', [3]),
        ("size>1GB", [1]),
        ("size<=2gb", [1]),
        ("state:active age<0.1m", [2]),
    ],
)
def test_terms(text: str, pids: list[int]) -> None:
    assert kept(text.replace("4,711", "4711")) == pids


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("colour:red", 0, "pid, user, state, age, statement, size"),
        ("idle s:active", 5, "could be state, size"),
        ("age>soon", 4, "30s, 5m"),
        ("age>1GB", 4, "time span"),
        ("state>3", 6, "numbers"),
        ("age:x", 4, '"x" is not a time span; 30s, 5m, 2h and 7d are.'),
        ("age!:3s,soon", 5, '"soon" is not a time span'),
        ("size:big", 5, '"big" is not a size; 500kB, 20MB and 1.5GB are.'),
        ("pid:many", 4, '"many" is not a number; 10, 2.5 and 40k are.'),
        ("state:", 6, "missing"),
        ('idle "open', 5, "not closed"),
        ("query~(", 6, "wrong"),
        ("query~(a+)+$", 6, "for ever"),
        ("query~(a|aa)*$", 6, "for ever"),
        (r"query~(a)\1", 6, "refer back"),
        ("query~.*a.*b.*c", 6, "several terms"),
        ("query~" + "a?" * 30 + "z", 6, "several terms"),
        ("query~" + "(a|a)" * 20 + "z", 6, "several terms"),
        ("query~(a|a){20}z", 6, "for ever"),
        ("query~a{1,400}a{1,400}a{1,400}z", 6, "several terms"),
        ("query~" + "a" * 300, 6, "characters"),
    ],
)
def test_errors_say_what_and_where(text: str, position: int, words: str) -> None:
    with pytest.raises(FilterError) as raised:
        parse_filter(text, ALL)
    assert raised.value.position == position
    assert words in raised.value.message


@given(st.one_of(st.text(), st.text('asteg:!~><=",*()[]{}+? 13smGB')))
def test_any_text_is_a_filter_or_an_error(text: str) -> None:
    try:
        wanted = parse_filter(text, ALL)
    except FilterError as error:
        wanted, position = None, error.position
        assert position in range(len(text) + 1)
    if wanted is not None:
        assert {wanted(row) for row in ROWS} <= {True, False}


@pytest.mark.parametrize(
    "pattern", [r"\d{4}-\d{2}-\d{2}", "update.*tasks.*where", "^(insert|update) .*tasks", "a?b?c?d?"]
)
def test_what_people_write_is_accepted(pattern: str) -> None:
    assert compiled(pattern)


PARTS = ["a", "b", ".", "(", ")", "(?:", "|", "*", "+", "?", "{2}", "{1,3}", "{3,}", "[ab]", "^", "$", "a?", "(a|b)"]


@given(st.one_of(st.text("ab()|*+?{}13,[]^$.\\", max_size=12), st.lists(st.sampled_from(PARTS)).map("".join)))
def test_no_accepted_pattern_backtracks_without_end(pattern: str) -> None:
    """A pattern that could would hang this test: every accepted one is tried on the text that is worst for it."""
    try:
        accepted = compiled(pattern)
    except UsageError:
        return
    with suppress(TooSlow):
        accepted.found("a" * 60 + "b" * 60 + "!")


@given(st.lists(st.sampled_from(PARTS)).map("".join), st.text("ab!\n", max_size=6))
def test_what_is_found_place_by_place_is_what_a_search_finds(pattern: str, text: str) -> None:
    try:
        accepted = replace(compiled(pattern), at_once=False)
    except UsageError:
        return
    assert accepted.found(text) == (accepted.whole.search(text) is not None)


def test_a_text_that_is_made_to_be_slow_ends_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "PATIENCE", 0.0)
    assert compiled("a.*b.*c").found("a b c")
    with pytest.raises(TooSlow, match="use several terms"):
        compiled("a.*b.*c").found("aaa")
