"""Statements that are sent as they are: rows counted, several in one text, failures named as a cursor names them."""

from collections.abc import AsyncIterator

import pytest

from console.db.session import Session
from console.errors import StatementFailed
from tests.targets import target


@pytest.fixture
async def session(pg18_database: str) -> AsyncIterator[Session]:
    async with await Session.open(target(pg18_database), "act") as session:
        await session.execute("create temp table t (id int check (id > 0))")
        yield session


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("insert into t values (1), (2)", 2),
        ("select * from generate_series(1, 5)", 5),
        ("create temp table u ()", -1),
        ("-- nothing", -1),
        ("set application_name = 'k of n'; insert into t values (1), (2), (3)", 3),
        ("select '100%', '%s', '%(name)s'", 1),
    ],
)
async def test_the_rows_of_the_last_statement_are_counted(session: Session, statement: str, rows: int) -> None:
    assert await session.execute(statement) == rows


async def test_a_failure_anywhere_in_the_text_is_told_with_its_place(session: Session) -> None:
    with pytest.raises(StatementFailed) as refused:
        await session.execute("insert into t values (1); insert into t values (-1); insert into t values (2)")
    assert refused.value.sqlstate == "23514"
    with pytest.raises(StatementFailed) as misspelt:
        await session.execute("select 1; create tabel u ()")
    assert misspelt.value.diagnosis is not None
    assert misspelt.value.diagnosis.position == 18
    assert (await session.rows("select count(*) as rows from t"))[1] == [(0,)]


@pytest.mark.parametrize("statement", ["copy t from stdin", "copy t to stdout"])
async def test_copy_is_refused(session: Session, statement: str) -> None:
    with pytest.raises(StatementFailed):
        await session.execute(statement)
