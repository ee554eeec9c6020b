"""Splitting, against libpg_query as the oracle."""

from pathlib import Path

import pgparse
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.sql.lexer import SqlError, Statement, split
from tests.sql.hard_cases import HARD_CASES

ROOT = Path(__file__).parents[2]
MIGRATIONS = sorted((ROOT / "migrations_sql").glob("*.sql"))

# Pieces that a splitter can trip over, to be put together at random; not every text is SQL that a server would take.
PIECES = [
    *("select 1", ";", "\n", " ", "a", "$", "$$", "$x$", "'", "''", '"', "\\", "e'", "E'\\'", "u&'", "--", "/*", "*/"),
    *("(", ")", "begin atomic", "create", "end", "case", "1e5", "$1", ".", "é", "\x00", "copy", "from stdin"),
]


def oracle(text: str) -> list[tuple[int, int]]:
    """Where libpg_query sees statements, with the space and the comments that stand before each."""
    raw = text.encode()
    found = []
    for statement in pgparse.parse(text):
        start = statement.get("stmt_location", 0)
        end = start + statement["stmt_len"] if "stmt_len" in statement else len(raw)
        found.append((len(raw[:start].decode()), len(raw[:end].decode())))
    return found


def assert_like_oracle(text: str) -> None:
    """The same number of statements, each the oracle's without what means nothing."""
    theirs, ours = oracle(text), split(text)
    assert len(ours) == len(theirs), [statement.text for statement in ours]
    for (start, end), statement in zip(theirs, ours, strict=True):
        assert start <= statement.start < statement.end <= end
        assert pgparse.parse(text[start : statement.start] + text[statement.end : end]) == []


def assert_faithful(text: str, statements: list[Statement]) -> None:
    """Slices and what lies between them are the text; lines count from 1; order is the text's."""
    position = 0
    for statement in statements:
        assert position <= statement.start < statement.end
        assert statement.text == text[statement.start : statement.end]
        assert statement.line == text.count("\n", 0, statement.start) + 1
        position = statement.end


@pytest.mark.parametrize("text", HARD_CASES)
def test_hard_cases_like_libpg_query(text: str) -> None:
    assert_like_oracle(text)
    assert_faithful(text, split(text))


def test_all_hard_cases_in_one_text() -> None:
    assert_like_oracle("\n;\n".join(HARD_CASES))


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.name)
def test_our_migrations_like_libpg_query(path: Path) -> None:
    text = path.read_text("utf-8")
    assert_like_oracle(text)
    assert_faithful(text, split(text))


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text())
def test_any_text_is_split_faithfully_or_refused_with_a_line(text: str) -> None:
    try:
        assert_faithful(text, split(text))
    except SqlError as error:
        line = error.line
    else:
        line = 1
    assert 1 <= line <= text.count("\n") + 1


@given(st.lists(st.sampled_from(HARD_CASES), max_size=6).map("\n;\n".join))
def test_joined_cases_like_libpg_query(text: str) -> None:
    assert_like_oracle(text)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("select 1;\n\nselect 'a\nb", 3, "A string that begins here is never closed"),
        ("select E'a\\'", 1, "A string that begins"),
        ("select N'a", 1, "A string that begins"),
        ("select E'a'\n'b\\'", 1, "A string that begins"),
        ('select 1;\nselect "a', 2, "A quoted name that begins"),
        ('select\n U&"a', 2, "A quoted name that begins"),
        ("\n\nselect $body$ $$ $bod$", 3, "A dollar-quoted text that begins"),
        ("select 1 /* a\n /* b */ \n", 1, "A comment that begins"),
        ("select 1;\n\\i other.sql", 2, "A psql command"),
        ("copy t (a) from stdin;\n1\n\\.\n", 1, "COPY FROM STDIN"),
        ("copy (select ';')\nto stdout", 2, "COPY TO STDOUT"),
        ("select 1;\n COPY t\nFROM /* x */ STDIN with (format csv)", 3, "COPY FROM STDIN"),
        ("select 1;\nselect (1;\nselect 2", 2, "The parenthesis that begins here is never closed"),
        ("create function f() returns int\nbegin atomic\nselect 1;\n", 2, "The BEGIN ATOMIC that begins here"),
    ],
)
def test_refuses_with_the_line(text: str, line: int, says: str) -> None:
    with pytest.raises(SqlError, match=says) as caught:
        split(text)
    assert caught.value.line == line


def test_a_string_goes_on_after_a_comment() -> None:
    """As servers 15 and 18 read it; libpg_query refuses the comment."""
    assert [statement.text for statement in split("select E'a' -- x\n'b\\';c'; select 2")] == [
        "select E'a' -- x\n'b\\';c'",
        "select 2",
    ]


def test_a_megabyte_is_split() -> None:
    text = "select $$" + "x;" * 500_000 + "$$;\n" + "select 1;\n" * 1_000
    assert len(split(text)) == 1_001
