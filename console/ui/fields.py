"""The fields of a filter: the columns of a list, by their ids and by the words of their headings."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from console.errors import UsageError
from console.ui.columns import Column, Kind

R = TypeVar("R")

FIELD = re.compile(r"(?P<field>[A-Za-z]\w*)(?P<operator>!?[:~]|[<>]=?)(?P<value>.*)", re.DOTALL)
"""A term about one field."""

WORD = re.compile(r'(?:"[^"]*"|[^\s"])+|"')
"""A term, its quotes included; a quote alone is one that was never closed."""

_EXAMPLES = {
    Kind.TEXT: '{0}:word,other  {0}:word*  {0}!:word  {0}~regex  {0}:"" for none',
    Kind.NUMBER: '{0}>10  {0}<=40k  {0}:7,8  {0}:"" for none',
    Kind.SECONDS: '{0}>30s  {0}<=5m  {0}:2h  {0}!:7d  {0}:"" for none',
    Kind.BYTES: '{0}>500kB  {0}<=20MB  {0}:1.5GB  {0}:"" for none',
}


def field_name(column: Column[Any]) -> str:
    """A column's heading as one word, or its id if it has none.

    >>> [field_name(Column(id="x", title=title, value=str, width=1)) for title in ("Waits for", "applied (UTC)", "")]
    ['waits_for', 'applied', 'x']
    """
    return re.sub(r"\W+", "_", column.title.partition("(")[0].strip()).strip("_").lower() or column.id


def column_of(name: str, columns: Sequence[Column[R]]) -> Column[R]:
    """The column with that id or heading, or the only one whose id or heading begins so; UsageError if there is none.

    >>> query = Column(id="query", title="SQL text", value=str, width=1)
    >>> {column_of(name, [query]).id for name in ("query", "SQL_TEXT", "q", "sql")}
    {'query'}
    """
    wanted = name.lower()
    tests: tuple[Callable[[Column[R]], bool], ...] = (
        lambda column: column.id == wanted,
        lambda column: field_name(column) == wanted,
        lambda column: column.id.startswith(wanted),
        lambda column: field_name(column).startswith(wanted),
    )
    for test in tests:
        match [column for column in columns if test(column)]:
            case [column]:
                return column
            case [_, *_] as several:
                raise UsageError(f'"{name}" could be {_listed(several)}.')
    raise UsageError(f'There is no field "{name}"; there are {_listed(columns)}.')


def examples(column: Column[Any]) -> str:
    """What a field can be asked, as one would type it."""
    return _EXAMPLES[column.kind].format(field_name(column))


def hint(text: str, columns: Sequence[Column[Any]]) -> str:
    """What can come next: the fields that the last word could begin, or what the field that it names can be asked.

    >>> state, age = Column(id="state", title="state", value=str, width=1), Column(
    ...     id="age", title="age", value=float, width=1, kind=Kind.SECONDS
    ... )
    >>> hint("", [state, age]), hint("idle a", [state, age])
    ('fields: state age', 'fields: age')
    >>> hint("age>", [state, age])
    'age>30s  age<=5m  age:2h  age!:7d  age:"" for none'
    """
    *_, last = ["", *WORD.findall(text)] if text[-1:].strip() else [""]
    if named := FIELD.fullmatch(last):
        try:
            column = column_of(named["field"], columns)
        except UsageError:
            return _fields(columns)
        return examples(column)
    beginning = [column for column in columns if field_name(column).startswith(last.lower())]
    return _fields(beginning or columns)


def _fields(columns: Sequence[Column[Any]]) -> str:
    return "fields: " + " ".join(map(field_name, columns))


def _listed(columns: Sequence[Column[Any]]) -> str:
    return ", ".join(map(field_name, columns))
