"""What can be told of an expression: the functions it calls, and whether its value is another for every row."""

from functools import cache
from pathlib import Path

from console.migrate.kinds.models import Tokens
from console.migrate.kinds.reader import Reader, is_name, name_at, parts

_SYNTAX = frozenset(
    """
    all and any array as between by case cast check coalesce cube else except exists extract filter from greatest
    grouping in intersect interval is join json_array json_arrayagg json_exists json_object json_objectagg json_query
    json_value lateral least like materialized normalize not nullif of on or over overlay position rollup row select
    set sets some substring then trim union using values when where with within xmlelement
    """.split()  # noqa: SIM905 - a word a line would bury the rest
)
"""Words before a parenthesis that are the language's own, not functions that somebody could have made."""


def calls(tokens: Tokens) -> list[str]:
    """The functions an expression calls, in order; names after AS, :: and INTO are columns, types and tables.

    >>> calls(("lower", "(", "a", ")", "::", "varchar", "(", "9", ")", "||", "s", ".", "f", "(", ")"))
    ['lower', 's.f']
    """
    found = []
    at = 0
    while at < len(tokens):
        name, after = name_at(tokens, at)
        called = tokens[after : after + 1] == ("(",) and name not in _SYNTAX
        if name and called and (at == 0 or tokens[at - 1].upper() not in ("::", "AS", "INTO")):
            found.append(name)
        at = max(after, at + 1)
    return found


@cache
def built_in() -> dict[str, bool]:
    """The functions of pg_catalog that can be called by name, and whether they are volatile; of version 18."""
    lines = (Path(__file__).parent / "built_in.txt").read_text("ascii").splitlines()
    return {line.partition(" ")[0]: line.endswith(" volatile") for line in lines}


def is_built_in(function: str) -> bool:
    """Whether PostgreSQL brings a function of this name."""
    return function.removeprefix("pg_catalog.") in built_in()


def is_volatile(expression: Tokens) -> bool | None:
    """Whether an expression has another value for every row; None where a function that is not built in decides it."""
    volatile = [built_in().get(name.removeprefix("pg_catalog.")) for name in calls(expression)]
    return True if True in volatile else None if None in volatile else False


def call(tokens: Tokens) -> tuple[str, list[Tokens]] | None:
    """Function and arguments of an expression that is nothing but a call, with a cast or a name behind it at most.

    >>> call(("f", "(", "1", ",", "b", ")", "::", "text"))
    ('f', [('1',), ('b',)])
    """
    reader = Reader(tokens)
    name = reader.name()
    if not name or name in _SYNTAX or reader.word != "(":
        return None
    arguments = parts(reader.group())
    return (name, arguments) if not reader.word or reader.take("::", "AS") or is_name(reader.word) else None
