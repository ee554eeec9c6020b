"""The layout of statements: where lines begin, and that only space is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.sql.layout import ONE_LINE, laid_out
from console.sql.tokens import tokens

WORDS = """
    select insert into update set delete from where and or between case when then else end group by order having
    limit offset union all with as ( ) , ; left outer join natural on conflict do for values returning distinct is
    tasks t now() count(*) ::text ? $1 "odd 'it''s' $$x$$ -- /* a */ E'\\n' 1e5 <> ->>
"""

LAID_OUT = """\
with old as (
  delete from tasks
  where due between $1 and $2
    and done
  returning *
)
insert into kept
select *
from old

update tasks t
set title = left(title, ?), done = case when a and b then c end
from users u
where u.id = t.id

select extract(epoch from now() - a), count(*) filter (where b or c)
from t
natural left join u
where b is distinct from c
  and d in (
    select e
    from f
    order by e
  )
group by a
for update skip locked

insert into settings (name, value)
values ($1, $2)
on conflict (name) do update set value = excluded.value"""


def said(text: str) -> list[str]:
    """Its tokens without the space between them."""
    return [text[start:end] for kind, start, end in tokens(text) if kind != "space"]


@given(st.lists(st.sampled_from(WORDS.split()), max_size=40), st.sampled_from([" ", "  ", "\t"]))
def test_not_a_token_is_changed(words: list[str], space: str) -> None:
    for beginning in ("", "select ", "with x as ("):
        text = beginning + space.join(words)
        assert said(laid_out(text)) == said(text)


@given(st.text(alphabet="select from(),;'\"$?-/*:=.\\\x00é ", min_size=ONE_LINE + 1))
def test_nor_of_a_text_that_is_no_statement(text: str) -> None:
    assert said(laid_out("select " + text)) == said("select " + text)


@pytest.mark.parametrize(
    "text",
    [
        "select * from tasks where id = ?",
        "",
        "commit",
        "select a,\n   b from tasks where a_rather_long_name_of_a_column = another_rather_long_name_of_a_column",
        "create trigger t after insert or update on a_rather_long_name_of_a_table for each row execute function f()",
        "autovacuum: VACUUM ANALYZE public.a_rather_long_name_of_a_table_that_was_cut_nowhere_but_is_no_statement",
    ],
)
def test_what_is_short_or_laid_out_or_no_query_stays(text: str) -> None:
    assert laid_out(text) == text


@pytest.mark.parametrize("lines", LAID_OUT.split("\n\n"))
def test_lines_begin_at_clauses(lines: str) -> None:
    assert laid_out(" ".join(lines.split())) == lines
