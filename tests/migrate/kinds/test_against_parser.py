"""Kinds, objects and tables equal what libpg_query reads in the same statements."""

from pathlib import Path

import pytest

from console.migrate.files import default_folder
from console.migrate.kinds.analyse import analyse
from console.sql.lexer import Statement, split
from tests.migrate.kinds import oracle
from tests.migrate.kinds.corpus import IN_TRANSACTION, ONLY_18, OUTSIDE, PARSED, SETUP, statements

CORPUS = [each for text in (SETUP, IN_TRANSACTION, OUTSIDE, PARSED) for each in statements(text)]
OURS = sorted(default_folder().glob("*.sql"))
UNNAMED = ("publication", "explain")
"""Statements whose tables are not told."""


def shown(statement: Statement) -> str:
    return statement.text[:60]


@pytest.mark.parametrize("statement", CORPUS, ids=shown)
def test_kind_and_objects(statement: Statement) -> None:
    agrees(statement)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_migrations(path: Path) -> None:
    for statement in split(path.read_text("utf-8")):
        agrees(statement)


def agrees(statement: Statement) -> None:
    found, wanted = analyse(statement), oracle.said(statement.text)
    if wanted is not None:
        assert found.kind == wanted.kind
        assert found.creates == wanted.creates
        assert found.drops == wanted.drops
        assert set(wanted.alters) <= set(found.alters)


@pytest.mark.parametrize("statement", [s for s in CORPUS if not set(UNNAMED) & set(s.tokens)], ids=shown)
def test_tables(statement: Statement) -> None:
    """Whatever table stands in a statement is locked, read, made, dropped or altered by it."""
    assert oracle.tables(statement.text) <= mentioned(statement)


def mentioned(statement: Statement) -> set[str]:
    found = analyse(statement)
    things = [*found.creates, *found.drops, *found.alters]
    named = {thing.name for thing in things} | {thing.of for thing in things if thing.of}
    return named | {lock.table for lock in found.locks} | {table for each in found.actions for table in each.reads}


def test_a_form_that_only_18_knows() -> None:
    [statement] = split(ONLY_18)
    found = analyse(statement)
    assert found.kind == "ALTER TABLE ADD NOT NULL"
    assert [thing.label() for thing in found.creates] == ["constraint n of t"]
