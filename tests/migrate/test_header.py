"""The header: what it takes, and that nothing else passes."""

import pytest

from console.migrate.header import Header, HeaderError, parse


def test_no_header_is_the_default() -> None:
    assert parse("-- a comment\nselect 1") == Header()


def test_every_key() -> None:
    text = """-- What it does.
-- emr: transaction = off
-- emr: lock_timeout = 500ms

--emr:statement_timeout=2h
-- emr: stall_budget = 1min
-- emr: requires = pg>=14, timescaledb >= 2.11
-- emr: manual = true
-- emr: precondition = select count(*) = 0 from t where a <> ';'
-- emr: stall = select 0.01 * count(*) from t
-- emr: irreversible = "the old values are gone"
-- emr: partial_inverse = "the enum value stays"
-- emr: cascades_to = view_a, public.view_b
-- emr: waive = EM09 "policies come back in the next statement"
-- emr: waive = TS03 "empty"
select 1;
"""
    assert parse(text) == Header(
        transaction=False,
        lock_timeout=500,
        statement_timeout=7_200_000,
        stall_budget=60_000,
        requires=(("pg", (14,)), ("timescaledb", (2, 11))),
        manual=True,
        precondition="select count(*) = 0 from t where a <> ';'",
        stall="select 0.01 * count(*) from t",
        irreversible="the old values are gone",
        partial_inverse="the enum value stays",
        cascades_to=("view_a", "public.view_b"),
        waive=(("EM09", "policies come back in the next statement"), ("TS03", "empty")),
    )


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("-- emr: timeout = 1s\nselect 1", 1, "the header key timeout is not known"),
        ("-- what\n-- emr: transaction = maybe", 2, "'maybe' is no value for the header key transaction; it wants on"),
        ("-- emr: lock_timeout = 0", 1, "no value for the header key lock_timeout"),
        ("-- emr: lock_timeout = 5", 1, "no value for the header key lock_timeout"),
        ("-- emr: requires = mysql>=5", 1, "no value for the header key requires"),
        ("-- emr: requires = pg>=14, ", 1, "no value for the header key requires"),
        ("-- emr: irreversible = because", 1, "no value for the header key irreversible"),
        ('-- emr: irreversible = ""', 1, "no value for the header key irreversible"),
        ("-- emr: precondition = select 1; select 2", 1, "no value for the header key precondition"),
        ("-- emr: precondition = select 'a", 1, "no value for the header key precondition"),
        ("-- emr: cascades_to = a b", 1, "no value for the header key cascades_to"),
        ("-- emr: waive = EM09", 1, "no value for the header key waive"),
        ("-- emr: manual = true\n-- emr: manual = true", 2, "the key manual stands here a second time"),
        ("-- emr: manual", 1, "not of the form"),
        ("-- emr: MANUAL = true", 1, "not of the form"),
        ("select 1;\n\n-- emr: manual = true", 3, "below the first statement"),
    ],
)
def test_refuses_what_it_does_not_know(text: str, line: int, says: str) -> None:
    with pytest.raises(HeaderError, match=says) as caught:
        parse(text)
    assert caught.value.line == line


def test_only_a_comment_is_a_header() -> None:
    text = "create function f() returns text language sql as $$ select '-- emr: no = no' -- emr: no = no\n$$"
    assert parse(text) == Header()


def test_a_probe_may_stand_below() -> None:
    assert parse("-- emr: transaction = off\nselect 1;\n-- emr: probe = select true\nselect 2").transaction is False
