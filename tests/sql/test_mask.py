"""What the mask may never let through, and what it must leave legible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.sql.lexer import mask
from tests.sql.hard_cases import HARD_CASES

SECRET = "QZJ"
"""Letters that occur in data only, so that any of them in a masked text is a leak."""

DATA = st.text(st.sampled_from(SECRET), min_size=1, max_size=4)
PLAIN = st.sampled_from(
    [
        "select a.b",
        " from t1 where ",
        " = ",
        ", ",
        "(",
        ")",
        ";",
        "\n",
        " and x >= ",
        '"Name"',
        "::text",
        " + ",
        "$1",
        "$2::int ",
    ]
)


def literals() -> st.SearchStrategy[str]:
    """Data in every dress that SQL has for it."""
    words = st.lists(DATA, min_size=1, max_size=3)
    return st.one_of(
        words.map("''".join).map("'{}'".format),
        words.map('"'.join).map("'{}'".format),
        words.map("\\\\".join).map("'{}'".format),
        words.map("\\'".join).map("E'{}'".format),
        words.map("''".join).map("e'\\\\{}'".format),
        words.map("'\n  '".join).map("E'{}\\''".format),
        words.map("' -- it''s \n '".join).map("E'{}'".format),
        words.map("\\0061".join).map("U&'{}'".format),
        words.map("''".join).map("n'{}'".format),
        DATA.map("B'{}'".format),
        DATA.map("x'{}'".format),
        words.map("'".join).map("$${}$$".format),
        words.map(" $$ ".join).map("$tag${}$tag$".format),
        words.map("\n".join).map("/*{}*/".format),
        words.map("/*'*/".join).map("/*{}*/".format),
        DATA.map("--{}\n".format),
        DATA.map("12{}".format),
        words.map(" ".join).map('"{}"'.format).filter(lambda name: " " in name),
        DATA.map("\N{LEFT SINGLE QUOTATION MARK}{}\N{RIGHT SINGLE QUOTATION MARK}".format),
    )


def texts() -> st.SearchStrategy[str]:
    """Queries of plain pieces with data between them."""
    return st.lists(st.tuples(PLAIN, literals(), PLAIN).map(" ".join), min_size=1, max_size=5).map(" ".join)


def assert_nothing_leaks(masked: str) -> None:
    assert not set(masked) & set(SECRET), masked


@given(texts())
def test_no_literal_survives_at_any_cut(text: str) -> None:
    for end in range(len(text) + 1):
        assert_nothing_leaks(mask(text[:end]))


@given(st.lists(DATA, min_size=2, max_size=4), PLAIN)
def test_no_literal_survives_where_backslashes_escape(words: list[str], plain: str) -> None:
    """With standard_conforming_strings = off the string goes on after a backslash and a quote."""
    text = f"select '{chr(92) + chr(39)}".replace("\\'", "\\'".join(words)) + f"', '{words[0]}' {plain}"
    for end in range(len(text) + 1):
        assert_nothing_leaks(mask(text[:end]))


@given(st.text())
def test_never_raises(text: str) -> None:
    mask(text)


@given(st.lists(st.sampled_from(HARD_CASES), min_size=1, max_size=4).map("; ".join))
def test_masking_again_changes_nothing_but_question_marks(text: str) -> None:
    once = mask(text)
    assert mask(once).replace("?", "") == once.replace("?", "")


@pytest.mark.parametrize(
    "text",
    [
        "call admit('QZJ', 4711, name => N'QZJ')",
        "do $$ begin perform 'QZJ'; end $$",
        "do language plpgsql 'begin /* QZJ */ end'",
        "copy t from '/srv/QZJ.csv'",
        "copy t to program 'cat > QZJ'",
        "set app.patient = 'QZJ'",
        "set local app.patient = QZJ",
        "set session app.patient to QZJ, 'QZJ', \"QZJ\"",
        "SET Application_Name TO QZJ",
        "alter role ana in database emr set app.patient to QZJ",
        "alter database emr set app.patient = QZJ",
        "alter role ana encrypted password 'QZJ'",
        "create user mapping for ana server s options (user 'QZJ', password 'QZJ')",
        "alter server s options (set host 'QZJ')",
        "create subscription s connection 'host=a password=QZJ' publication p",
        "select * from dblink('password=QZJ', 'select QZJ')",
        "select U&'\\0051QZJ', U&'!0051QZJ' uescape '!', E'\\'QZJ', b'QZJ', x'QZJ'",
        "select 1 /* QZJ /* QZJ */ QZJ */ -- QZJ",
        "listen \"QZJ, QZJ\"; notify wards, 'QZJ'",
        "comment on table t is 'QZJ'; security label on table t is 'QZJ'",
        "prepare p as select 'QZJ'; execute p('QZJ')",
        "declare c cursor for select 'QZJ'",
        "prepare transaction 'QZJ'",
        "create table t (v text default 'QZJ' check (v <> $q$QZJ$q$))",
        "create publication p for table t where (v = 'QZJ')",
        "copy t from stdin;\nQZJ\n\\.\n",
        "select json '[\"QZJ\"]', interval 'QZJ' year, date 'QZJ'",
        "insert into t values ('QZJ')\\gexec QZJ",
    ],
)
def test_whatever_statement_it_stands_in(text: str) -> None:
    assert_nothing_leaks(mask(text))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("select id, a from t where b = 'x''y' and c in (1, 2.5e3)", "select id, a from t where b = ? and c in (?, ?)"),
        ('select "public"."tasks"."id" from "public"."tasks"', 'select "public"."tasks"."id" from "public"."tasks"'),
        ('select "John Doe", "John""Doe"', 'select "?", "?"'),
        ("select col1, t2.x3 from été where $1 = any($2)", "select col1, t2.x3 from été where $1 = any($2)"),
        ("select $65535, $4711815293", "select $65535, ?"),
        ("select -1, +1.5, .5, 0xFF, 1_000, 12ab", "select -?, +?, ?, ?, ?, ?"),
        ("update t set a = $q$o'clock$q$ -- why\nwhere b", "update t set a = ? ?\nwhere b"),
        ("select 1 /* a /* b */ c */ , x", "select ? ? , x"),
        ('select U&\'d\\0061\', U&"d\\0061", U&"plain"', 'select ?, "?", U&"plain"'),
        ("select data ? 'k', data->>'k', '{}'::jsonb", "select data ? ?, data->>?, ?::jsonb"),
        ("select 'cut", "select ?"),
        ('select "cut', "select ?"),
        ("select $a$cut$a", "select ?"),
        ("select $cu", "select ?"),
        ("select /* cut", "select ?"),
        ("select 'C:\\', 'Doe'", "select ?"),
        ("select 'a\\\\', b", "select ?, b"),
        ("alter role ana password 'geheim' valid until '2030-01-01'", "alter role ana password ? valid until ?"),
        ("alter role ana password geheim", "alter role ana password ?"),
        ('create user ana password "geheim" login', "create user ana password ? login"),
        ("alter role ana password null", "alter role ana password null"),
        ("select password from users", "select password from users"),
        ("set local app.patient to default", "set local app.patient to default"),
        ("set search_path = ward, public", "set search_path = ward, public"),
        ("update t set a = b.c where d = e", "update t set a = b.c where d = e"),
        ("copy t from stdin;\nDoe\tJohn\n\\.\n", "copy t from stdin;?"),
        ("copy t (a) from stdin with (format csv); Doe", "copy t (a) from stdin with (format csv);?"),
        ("copy t from stdin", "copy t from stdin"),
        ("copy t to stdout; select a", "copy t to stdout; select a"),
        ("\\password geheim", "?"),
        ("select " + "x" * 64, "select ?"),
        ("", ""),
    ],
)
def test_examples(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_much_of_anything_is_masked() -> None:
    for piece in (
        "'",
        "E'\\'",
        "$$ $a$",
        "/*",
        '"',
        "(-",
        "E'a'\n--x",
        "1",
        "$a$",
        "select a, 'b' from t; ",
        "set a.b = c, ",
    ):
        assert len(mask(piece * (100_000 // len(piece)))) <= 100_000
