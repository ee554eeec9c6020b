"""What the words of a rollback tell of what is lost, through renames and copies; in doubt it is never nothing."""

import pytest

from console.migrate.kinds.analyse import analyse
from console.migrate.plan.fate import Fate
from console.sql.lexer import split


def lost(text: str) -> set[tuple[str, str, str | None]]:
    """Kind, relation and part of everything that a script takes away; of the unknown only that it is."""
    fate = Fate()
    for statement in split(text):
        fate.run(analyse(statement))
    return {
        (gone.kind, "", None) if gone.kind == "unknown" else (gone.kind, gone.relation, gone.part)
        for gone in fate.lost(fate.gone)
    }


TABLE = ("table", "t", None)
UNKNOWN = ("unknown", "", None)
NO_FORCE = "NO FORCE ROW LEVEL SECURITY"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("drop table public.t", {TABLE}),
        ("alter table public.t rename to x; drop table public.x", {TABLE}),
        ("alter table w.t rename to x; drop table w.x", {("table", "w.t", None)}),
        ("alter table t rename to o; create table t (like o); insert into t select * from o; drop table o", set()),
        ("create table n (like t); insert into n select * from t where a; drop table t", {TABLE}),
        ("create table k (id int); insert into k (id) select id from t; drop table t", {TABLE}),
        ("insert into k select count(*) from t; drop table t", {TABLE}),
        ("insert into k select * from t except select * from t; drop table t", {TABLE}),
        ("insert into k select * from t on conflict do nothing; drop table t", {TABLE}),
        ("create temp table k (like t); insert into k select * from t; drop table t", {TABLE}),
        ('alter table t drop column "Pat Name"', {("column", "t", "Pat Name")}),
        ("alter table t rename column b to bb; alter table t drop column bb", {("column", "t", "b")}),
        ("alter table t alter column a type int using null", {("values", "t", "a")}),
        ("with x as (delete from t returning *) select count(*) from x", {("rows", "t", "SELECT")}),
        ("truncate t", {("rows", "t", "TRUNCATE")}),
        ("drop schema s cascade; drop type y cascade; drop function f(int) cascade", set()),
        ("truncate t cascade", {("rows", "t", "TRUNCATE")}),
        ("create table k (like t); insert into k select * from t; drop table t; drop schema s cascade", {UNKNOWN}),
        ("drop server s cascade", {UNKNOWN}),
        ("drop owned by r", {UNKNOWN}),
        ("set local search_path = s; drop table t", {UNKNOWN, TABLE}),
        ("do $$ begin drop table t; end $$", {UNKNOWN, TABLE}),
        ("select somebodys()", {UNKNOWN}),
        ("alter table t no force row level security", {("row security", "t", f"ALTER TABLE {NO_FORCE}")}),
        ("alter policy p on t using (true)", {("row security", "t", "ALTER POLICY")}),
        ("drop view v; create view v as select 1", set()),
        ("drop index i; comment on table t is null; analyze t", set()),
    ],
)  # fmt: skip
def test_what_goes(text: str, expected: set[tuple[str, str, str | None]]) -> None:
    assert lost(text) == expected
