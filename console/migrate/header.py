"""The header of a migration file: leading comment lines `-- emr: key = value`, where nothing unknown is let pass."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from console.sql.lexer import SqlError, Statement, split
from console.sql.tokens import tokens

Requirement = tuple[str, tuple[int, ...]]
"""What a file needs and its least version, such as ("timescaledb", (2, 11))."""


class HeaderError(ValueError):
    """A header line that cannot be taken."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        """What is wrong, naming the key, without its place and its full stop."""
        self.line = line
        """The line, counted from 1."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says about how it wants to be run."""

    transaction: bool = True
    """Whether the whole file runs in one transaction."""
    lock_timeout: int | None = None
    """Milliseconds that each try may wait for a lock; None is the engine's own schedule."""
    statement_timeout: int | None = None
    """Milliseconds a statement may run, 0 without end; None is the engine's default."""
    stall_budget: int | None = None
    """Milliseconds of waiting for locks in all tries together; None is the engine's default."""
    requires: tuple[Requirement, ...] = ()
    """Least versions, each compared number by number."""
    manual: bool = False
    """Whether it runs only when it is named."""
    precondition: str | None = None
    """A query with one boolean that must be true before the file runs."""
    stall: str | None = None
    """A query with one number: the seconds for which it keeps writers out beside what its rows take."""
    irreversible: str | None = None
    """Why there is no way back."""
    partial_inverse: str | None = None
    """What stays when it is rolled back."""
    cascades_to: tuple[str, ...] = ()
    """Objects that a DROP .. CASCADE of this file takes with it."""
    waive: tuple[tuple[str, str], ...] = ()
    """Lint rules that do not hold for this file, each with the reason."""


_MARKED = re.compile(r"--\s*emr\s*:")
_MARK = re.compile(rf"{_MARKED.pattern}(?P<rest>.*)", re.DOTALL)
_PROBE = re.compile(r"\s*probe\s*=")
_PAIR = re.compile(r"\s*(?P<key>[a-z_]+)\s*=\s*(?P<value>.*?)\s*", re.DOTALL)
_DURATION = re.compile(r"(\d+)\s*(ms|s|min|h)")
_UNITS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000}
_REQUIREMENT = re.compile(r"(pg|timescaledb)\s*>=\s*(\d+(?:\.\d+)*)")
_WAIVER = re.compile(r'((?:EM|TS)\d\d)\s+"([^"]+)"')


def parse(text: str) -> Header:
    """The header of a file's text; HeaderError names the line and the key of what is wrong.

    >>> parse("-- emr: lock_timeout = 2s\\nselect 1").lock_timeout
    2000
    """
    values: dict[str, object] = {}
    waivers: list[tuple[str, str]] = []
    for line, comment in _marked_lines(text):
        key, value = _pair(comment, line)
        if key == "waive":
            waivers.append(_waiver(value, line))
        elif key in values:
            raise HeaderError(f"the key {key} stands here a second time", line)
        else:
            values[key] = _value(key, value, line)
    return Header(**values, waive=tuple(waivers))  # type: ignore[arg-type]  # _VALUES gives each its type


def _marked_lines(text: str) -> list[tuple[int, str]]:
    """Line and content of every `-- emr:` comment before the first statement.

    A probe belongs to the statement below it, wherever it stands, and is none of them.
    """
    found, leading = [], True
    for kind, line, mark in _marks(text):
        leading = leading and kind in ("space", "comment")
        if mark is None or _PROBE.match(mark["rest"]):
            continue
        if not leading:
            raise HeaderError("a header line stands here, below the first statement, where it would mean nothing", line)
        found.append((line, mark["rest"]))
    return found


def probes(text: str, statements: Sequence[Statement]) -> dict[int, str]:
    """The query that tells whether a statement is done already, by the statement's number from 1.

    A probe is the comment line `-- emr: probe = query` before its statement; the query answers one boolean.

    >>> text = "-- emr: probe = select true\\ncreate index concurrently i on t (a)"
    >>> probes(text, split(text))
    {1: 'select true'}
    """
    found: dict[int, str] = {}
    for _, line, mark in _marks(text):
        if mark is None or not _PROBE.match(mark["rest"]):
            continue
        number = next((at for at, statement in enumerate(statements, 1) if statement.start > mark.start()), None)
        query = _one_statement(_pair(mark["rest"], line)[1])
        if number is None or number in found:
            raise HeaderError("a probe stands here without a statement of its own", line)
        if query is None:
            raise HeaderError("a probe is one query that answers a boolean", line)
        found[number] = query
    return found


def _marks(text: str) -> Iterator[tuple[str, int, re.Match[str] | None]]:
    """Kind and line of every token up to the last `-- emr:` comment, and what each of these says."""
    last = max((found.start() for found in _MARKED.finditer(text)), default=-1)
    line = 1
    for kind, start, end in tokens(text):
        if start > last:
            return
        yield kind, line, _MARK.match(text, start, end) if kind == "comment" else None
        line += text.count("\n", start, end)


def _pair(comment: str, line: int) -> tuple[str, str]:
    pair = _PAIR.fullmatch(comment)
    if pair is None:
        raise HeaderError("a header line is not of the form `-- emr: key = value`", line)
    return pair["key"], pair["value"]


def _value(key: str, value: str, line: int) -> object:
    reader = _VALUES.get(key)
    if reader is None:
        raise HeaderError(f"the header key {key} is not known; there are {', '.join([*_VALUES, 'waive'])}", line)
    read = reader(value)
    if read is None:
        raise HeaderError(f"{value!r} is no value for the header key {key}; it wants {_WANTED[key]}", line)
    return read


def _waiver(value: str, line: int) -> tuple[str, str]:
    found = _WAIVER.fullmatch(value)
    if found is None:
        raise HeaderError(f'{value!r} is no value for the header key waive; it wants a rule and "why"', line)
    return found[1], found[2]


def _switch(on: str, off: str) -> Callable[[str], bool | None]:
    return {on: True, off: False}.get


def _duration(value: str) -> int | None:
    found = _DURATION.fullmatch(value)
    return int(found[1]) * _UNITS[found[2]] if found else 0 if value == "0" else None


def _wait(value: str) -> int | None:
    """A duration that ends; 0 would be a wait without end."""
    return _duration(value) or None


def _requirements(value: str) -> tuple[Requirement, ...] | None:
    found = [_REQUIREMENT.fullmatch(part.strip()) for part in value.split(",")]
    numbers = [(each[1], tuple(int(part) for part in each[2].split("."))) for each in found if each]
    return tuple(numbers) if len(numbers) == len(found) else None


def _quoted(value: str) -> str | None:
    inside = value[1:-1].strip()
    return inside if len(value) > 2 and value[0] == value[-1] == '"' and inside else None


def _names(value: str) -> tuple[str, ...] | None:
    names = tuple(part.strip() for part in value.split(","))
    return names if all(re.fullmatch(r"[\w.]+", name) for name in names) else None


def _one_statement(value: str) -> str | None:
    try:
        statements = split(value)
    except SqlError:
        return None
    return statements[0].text if len(statements) == 1 else None


_VALUES: dict[str, Callable[[str], object]] = {
    "transaction": _switch("on", "off"),
    "lock_timeout": _wait,
    "statement_timeout": _duration,
    "stall_budget": _wait,
    "requires": _requirements,
    "manual": _switch("true", "false"),
    "precondition": _one_statement,
    "stall": _one_statement,
    "irreversible": _quoted,
    "partial_inverse": _quoted,
    "cascades_to": _names,
}
_WANTED = {
    "transaction": "on or off",
    "lock_timeout": "a duration above zero such as 500ms, 2s, 1min",
    "statement_timeout": "a duration such as 500ms, 2s, 15min, 2h, or 0 for no limit",
    "stall_budget": "a duration above zero such as 500ms, 2s, 1min",
    "requires": "conditions such as pg>=14, timescaledb>=2.11",
    "manual": "true or false",
    "precondition": "one query that answers a boolean",
    "stall": "one query that answers a number of seconds",
    "irreversible": 'a reason in double quotes, such as "the old values are gone"',
    "partial_inverse": 'what stays, in double quotes, such as "the enum value"',
    "cascades_to": "names of objects with commas between",
}
