"""The filter of a list: from what a person types to a yes or no for each row.

failed login            both words somewhere in the row          "two words"   together
!backup                 not that word
state:active,idle       one of these, whole, upper or lower case alike, _ for a space, * for anything
state!:idle             none of these
query~update.*tasks     a regular expression, anywhere in the column
age>30s  size>=1.5GB    less or more: s m h d, kB MB GB TB
age:2h                  what is written so in its column

A field goes by its heading, its id, or the beginning of either.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from console.errors import UsageError
from console.ui.columns import Column, Kind
from console.ui.fields import FIELD, WORD, column_of, examples
from console.ui.patterns import compiled
from console.ui.quantities import quantity
from console.ui.text import CELL_LIMIT

R = TypeVar("R")

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
    for match in WORD.finditer(text):
        if match[0] == '"':
            raise FilterError("A quote is not closed.", match.start())
        yield Word(match[0], match.start())


def _term(word: Word, columns: Sequence[Column[R]]) -> Callable[[R], bool]:
    match = FIELD.fullmatch(word.text)
    if match is None:
        return _text_term(word, columns)
    at = word.position
    try:
        column = column_of(match["field"], columns)
        at += match.start("value")
        return _field_term(column, match["operator"], match["value"])
    except UsageError as error:
        raise FilterError(error.message, at) from error


def _text_term(word: Word, columns: Sequence[Column[R]]) -> Callable[[R], bool]:
    negated = word.text.startswith("!")
    wanted = _unquoted(word.text.removeprefix("!")).casefold()
    searched = [column for column in columns if column.kind in {Kind.TEXT, Kind.NUMBER}]
    read = [*map(_reader, searched), *(column.drawn for column in searched if column.drawn is not None)]

    def is_so(row: R) -> bool:
        for text in read:  # any() with a generator takes half as long again
            if wanted in text(row).casefold():
                return not negated
        return negated

    return is_so


def _field_term(column: Column[R], operator: str, value: str) -> Callable[[R], bool]:
    if not value:
        raise UsageError(f"A value is missing: {examples(column)}")
    if operator in _COMPARISONS:
        return _comparison(column, _COMPARISONS[operator], value)
    matches = _pattern(column, value) if operator.endswith("~") else _one_of(column, value)
    return (lambda row: not matches(row)) if operator.startswith("!") else matches


def _comparison(column: Column[R], compare: Callable[[float, float], bool], value: str) -> Callable[[R], bool]:
    limit = quantity(value, column.kind)
    return lambda row: (number := column.value(row)) is not None and compare(number, limit)


def _pattern(column: Column[R], value: str) -> Callable[[R], bool]:
    pattern, text = compiled(_unquoted(value)), _reader(column)
    return lambda row: pattern.found(text(row))


def _one_of(column: Column[R], value: str) -> Callable[[R], bool]:
    alike = [_is_written(column, _unquoted(part)) for part in _VALUE.findall(value)]
    return lambda row: any(matches(row) for matches in alike)


def _is_written(column: Column[R], part: str) -> Callable[[R], bool]:
    """Whether a row has this value: a word, or a number as it is written in the column."""
    if column.kind is Kind.TEXT or not part or "*" in part:
        parts, text = _plain(part).split("*"), _reader(column)
        return lambda row: _is_like(_plain(text(row)), parts)
    wanted = quantity(part, column.kind)

    def is_so(row: R) -> bool:
        value = column.value(row)
        counted = column.kind is Kind.NUMBER and isinstance(value, int)  # nothing was rounded to write it
        return value is not None and (value == wanted if counted else column.worded(value) == column.worded(wanted))

    return is_so


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


def _reader(column: Column[R]) -> Callable[[R], str]:
    """What is searched of a column: its values as they are written, but numbers without commas between their digits."""
    value, plain = column.value, column.kind is Kind.NUMBER or (column.kind is Kind.TEXT and column.text is None)
    written: Callable[[Any], str] = str if plain else column.worded
    return lambda row: "" if (found := value(row)) is None else written(found)[:CELL_LIMIT]


def _plain(text: str) -> str:
    return text.casefold().replace("_", " ")


def _unquoted(text: str) -> str:
    return text.replace('"', "")
