"""The filter of a list: from what a person types to a yes or no for each row.

failed login            both words somewhere in the row          "two words"   together
!backup                 not that word
state:active,idle       one of these, whole, upper or lower case alike, _ for a space, * for anything
state!:idle             none of these
query~update.*tasks     a regular expression, anywhere in the column
age>30s  size>=1.5GB    less or more: s m h d, kB MB GB TB
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from console.errors import UsageError
from console.ui.columns import Column, Kind
from console.ui.patterns import compiled, found
from console.ui.quantities import quantity
from console.ui.text import CELL_LIMIT

R = TypeVar("R")

_TERM = re.compile(r"(?P<field>[A-Za-z]\w*)(?P<operator>!?[:~]|[<>]=?)(?P<value>.*)", re.DOTALL)
_WORD = re.compile(r'(?:"[^"]*"|[^\s"])+|"')
_VALUE = re.compile(r'(?:"[^"]*"|[^,"])+')

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">": lambda value, limit: value > limit,
    "<": lambda value, limit: value < limit,
    ">=": lambda value, limit: value >= limit,
    "<=": lambda value, limit: value <= limit,
}


class FilterError(UsageError):
    """A filter that cannot be understood."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position
        """Where in the text, from 0."""


class Word(NamedTuple):
    """A term as it was typed."""

    text: str
    """With its quotes."""
    position: int
    """Its first character, from 0."""


@dataclass(frozen=True)
class Filter(Generic[R]):
    """What a row must fulfil to be shown."""

    text: str
    """As typed."""
    terms: tuple[Callable[[R], bool], ...]
    """All of them must hold."""

    def __call__(self, row: R) -> bool:
        """Whether the row is shown."""
        return all(term(row) for term in self.terms)


def parse_filter(text: str, columns: Sequence[Column[R]]) -> Filter[R]:
    """Understand a filter over these columns; FilterError says what is wrong, and where.

    >>> columns = [Column(id="state", title="", value=lambda r: r[0], width=1),
    ...            Column(id="age", title="", value=lambda r: r[1], width=1, kind=Kind.SECONDS)]
    >>> rows = [("active", 3.0), ("idle in transaction", 720.0), ("idle", None)]
    >>> [row[0] for row in filter(parse_filter("state:active,idle_in_transaction age>30s", columns), rows)]
    ['idle in transaction']
    >>> [row[0] for row in filter(parse_filter("!trans", columns), rows)]
    ['active', 'idle']
    >>> parse_filter("age>soon", columns)
    Traceback (most recent call last):
    ...
    console.ui.filter.FilterError: "soon" is not a time span; 30s, 5m, 2h and 7d are.
    """
    return Filter(text, tuple(_term(word, columns) for word in _words(text)))


def _words(text: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        if match[0] == '"':
            raise FilterError("A quote is not closed.", match.start())
        yield Word(match[0], match.start())


def _term(word: Word, columns: Sequence[Column[R]]) -> Callable[[R], bool]:
    match = _TERM.fullmatch(word.text)
    if match is None:
        return _text_term(word, columns)
    column = _column(match["field"], columns, word.position)
    try:
        return _field_term(column, match["operator"], match["value"])
    except FilterError:
        raise
    except UsageError as error:
        raise FilterError(error.message, word.position + match.start("value")) from error


def _text_term(word: Word, columns: Sequence[Column[R]]) -> Callable[[R], bool]:
    negated = word.text.startswith("!")
    wanted = _unquoted(word.text.removeprefix("!")).casefold()
    searched = [column for column in columns if column.kind in {Kind.TEXT, Kind.NUMBER}]
    return lambda row: any(wanted in _text(column, row).casefold() for column in searched) is not negated


def _field_term(column: Column[R], operator: str, value: str) -> Callable[[R], bool]:
    if not value:
        raise UsageError(f'A value is missing; {column.id}:"" finds rows without one.')
    if operator in _COMPARISONS:
        return _comparison(column, _COMPARISONS[operator], value)
    matches = _pattern(column, value) if operator.endswith("~") else _one_of(column, value)
    return (lambda row: not matches(row)) if operator.startswith("!") else matches


def _comparison(column: Column[R], compare: Callable[[float, float], bool], value: str) -> Callable[[R], bool]:
    limit = quantity(value, column.kind)
    return lambda row: (number := column.value(row)) is not None and compare(number, limit)


def _pattern(column: Column[R], value: str) -> Callable[[R], bool]:
    pattern = compiled(_unquoted(value))
    return lambda row: found(pattern, _text(column, row))


def _one_of(column: Column[R], value: str) -> Callable[[R], bool]:
    wanted = [_plain(_unquoted(part)).split("*") for part in _VALUE.findall(value)]
    return lambda row: any(_is_like(_plain(_text(column, row)), parts) for parts in wanted)


def _is_like(text: str, parts: Sequence[str]) -> bool:
    """Whether the text is these parts in this order, anything between them.

    >>> _is_like("psql on db1", ["psql", "db", ""]), _is_like("psql", ["psq"]), _is_like("ab", ["a", "b", "b"])
    (True, False, False)
    """
    if len(parts) == 1:
        return text == parts[0]
    start, end = len(parts[0]), len(text) - len(parts[-1])
    if start > end or not (text.startswith(parts[0]) and text.endswith(parts[-1])):
        return False
    for part in parts[1:-1]:
        at = text.find(part, start, end)
        if at < 0:
            return False
        start = at + len(part)
    return True


def _column(name: str, columns: Sequence[Column[R]], position: int) -> Column[R]:
    exact = [column for column in columns if column.id == name.lower()]
    close = exact or [column for column in columns if column.id.startswith(name.lower())]
    if len(close) != 1:
        known = ", ".join(column.id for column in close or columns)
        what = "could be" if close else "is no column; there are"
        raise FilterError(f'"{name}" {what} {known}.', position)
    return close[0]


def _text(column: Column[R], row: R) -> str:
    value = column.value(row)
    if value is None:
        return ""
    text = column.text(value) if column.text and column.kind is Kind.TEXT else str(value)
    return text[:CELL_LIMIT]


def _plain(text: str) -> str:
    return text.casefold().replace("_", " ")


def _unquoted(text: str) -> str:
    return text.replace('"', "")
