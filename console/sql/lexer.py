"""The one SQL lexer: splits migration files into statements and masks the literals of query texts."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from console.sql.tokens import tokens

_UNTERMINATED = {"'": "A string", '"': "A quoted name", "$": "A dollar-quoted text", "*": "A comment"}
_HIDDEN = frozenset({"escaped", "string", "dollar", "number", "open", "junk"})
_PLAIN_NAME = re.compile(r"[^\W\d][\w$]{0,62}")
_ESCAPED_QUOTE = re.compile(r"(?<!\\)(?:\\\\)*+\\'")
_STRUCTURE = frozenset({"(", ")", "atomic", "case", "end", "stdin", "stdout"})
_COPY = {("from", "stdin"): "COPY FROM STDIN", ("to", "stdout"): "COPY TO STDOUT"}
_NAMES_FOLLOW = frozenset({".", "as"})
_ROLES = frozenset({"role", "user", "group"})
_ALTERED = frozenset({*_ROLES, "database", "system"})
_OPENING = 16  # tokens in which a statement has said what it sets; a list of values may be a megabyte
_OWN_SETTINGS = frozenset({".", "application_name"})


class SqlError(ValueError):
    """A text that cannot be split into statements."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        """What is wrong, without its place and its full stop."""
        self.line = line
        """The line where it begins, counted from 1."""


class Statement(NamedTuple):
    """One statement exactly as it stands in its text, without the semicolon and the comments around it."""

    text: str
    """The slice, which is what is sent."""
    line: int
    """The line of its first token, counted from 1."""
    start: int
    """Offset of the slice."""
    end: int
    """Offset after the slice."""
    tokens: tuple[str, ...]
    """What it says: its tokens without space and comments."""


def split(text: str) -> list[Statement]:
    """The statements of a text; a `;` in parentheses or in a BEGIN ATOMIC body ends none.

    Raises SqlError for what is never closed, for a psql command, and for COPY from or to the client.

    >>> [statement.text for statement in split("select ';'; -- done\\n select 2")]
    ["select ';'", 'select 2']
    """
    return list(_statements(text))


def _statements(text: str) -> Iterator[Statement]:
    lines = _Lines(text)
    current = _Current(text, lines)
    for kind, start, end in tokens(text):
        if kind in ("space", "comment"):
            continue
        slice_ = text[start:end]
        if kind in ("open", "junk"):
            _refuse(slice_, lines.at(start))
        if slice_ == ";" and not current.nesting:
            yield from current.statement()
            current = _Current(text, lines)
        else:
            current.add(slice_, start, end)
    if current.nesting:
        what, opened = current.nesting[-1]
        raise SqlError(f"The {what} that begins here is never closed", opened)
    yield from current.statement()


def _refuse(slice_: str, line: int) -> None:
    """Stop at what no server would take; other junk is left to the server's own words."""
    if slice_ == "\\":
        raise SqlError("A psql command stands here; only SQL is understood", line)
    mark = next((character for character in slice_ if character in _UNTERMINATED), None)
    if mark is not None:
        raise SqlError(f"{_UNTERMINATED[mark]} that begins here is never closed", line)


class _Lines:
    """Line numbers of offsets that are asked for in order, so that a text is counted through once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset = 0
        self._line = 1

    def at(self, offset: int) -> int:
        """The line of an offset, from 1."""
        self._line += self._text.count("\n", self._offset, offset)
        self._offset = offset
        return self._line


class _Current:
    """The statement being read: its edges, its tokens, and what is open in it."""

    def __init__(self, text: str, lines: _Lines) -> None:
        self._text = text
        self._lines = lines
        self.start = self.end = self.line = 0
        self.tokens: list[str] = []
        self.first = self.previous = ""
        self.nesting: list[tuple[str, int]] = []

    def add(self, slice_: str, start: int, end: int) -> None:
        """Take one more token in."""
        word = slice_.lower()
        if not self.tokens:
            self.start, self.line, self.first = start, self._lines.at(start), word
        if word in _STRUCTURE:
            self._structure(word, start)
        self.tokens.append(slice_)
        self.end, self.previous = end, word

    def _structure(self, word: str, start: int) -> None:
        copied = _COPY.get((self.previous, word)) if self.first == "copy" else None
        if copied:
            raise SqlError(f"{copied} stands here; a migration has nobody at its other end", self._lines.at(start))
        if word in ("(", "atomic", "case"):
            self._open(word, start)
        elif self.nesting and self._closes(word, self.nesting[-1][0]):
            self.nesting.pop()

    def _open(self, word: str, start: int) -> None:
        if word == "(":
            self.nesting.append(("parenthesis", self._lines.at(start)))
        elif word == "atomic" and (self.first, self.previous) == ("create", "begin"):
            self.nesting.append(("BEGIN ATOMIC", self._lines.at(start)))
        elif word == "case" and self._in_body() and self.previous not in _NAMES_FOLLOW:
            self.nesting.append(("CASE", self._lines.at(start)))

    def _closes(self, word: str, innermost: str) -> bool:
        if word == ")":
            return innermost == "parenthesis"
        return word == "end" and innermost != "parenthesis" and self.previous not in _NAMES_FOLLOW

    def _in_body(self) -> bool:
        return any(what == "BEGIN ATOMIC" for what, _ in self.nesting)

    def statement(self) -> Iterator[Statement]:
        """The statement read so far; none between two semicolons."""
        if self.tokens:
            yield Statement(self._text[self.start : self.end], self.line, self.start, self.end, tuple(self.tokens))


def mask(text: str) -> str:
    """A query text with `?` for every literal and comment; keywords and plain names stay; never raises.

    In doubt it hides. Everything is masked that follows a token left open by the text's cut end, a character
    that begins no token, a backslash before a quote in a plain string (with standard_conforming_strings = off
    the string would go on), or the semicolon of a COPY FROM STDIN. A name, quoted or not, of anything but
    letters, digits, `_` and `$`, or of more than 63 of them, is masked, and so are the word after PASSWORD in a
    role's statement and the words that SET gives to an application's own setting. Any other bare word is taken for a
    name, whatever it says.

    >>> mask("select * from patients where mrn = 'MRN-1' and id > 1e5 and note = 'cut of")
    'select * from patients where mrn = ? and id > ? and note = ?'
    """
    return "".join(_masked(text))


def _masked(text: str) -> Iterator[str]:
    statement: list[str] = []
    for kind, start, end in tokens(text):
        slice_ = text[start:end]
        if kind in ("space", "comment"):
            yield slice_ if kind == "space" else "?"
            continue
        yield _shown(kind, slice_, statement)
        statement.append(slice_.lower())
        if _hides_the_rest(kind, slice_) or (slice_ == ";" and _takes_data(statement)):
            yield "?" if slice_ == ";" and text[end:].strip() else ""
            return
        if slice_ == ";":
            statement.clear()


def _hides_the_rest(kind: str, slice_: str) -> bool:
    return kind in ("open", "junk") or (kind == "string" and _ESCAPED_QUOTE.search(slice_) is not None)


def _takes_data(statement: list[str]) -> bool:
    return statement[0] == "copy" and ("from", "stdin") in pairwise(statement)


def _shown(kind: str, slice_: str, statement: list[str]) -> str:
    """What may be seen of one token, given the tokens of its statement before it."""
    if kind in _HIDDEN:
        return "?"
    if kind in ("word", "quoted") and (_is_password(slice_, statement) or _is_setting(slice_, statement)):
        return "?"
    if kind == "word":
        return slice_ if _PLAIN_NAME.fullmatch(slice_) else "?"
    if kind == "quoted":
        name = slice_[slice_.index('"') + 1 : -1]
        return slice_ if masked_name(name) == name else masked_name(name)
    return slice_


def masked_name(name: str) -> str:
    """A name by the same rule, where the server tells it without its quotes: somebody may have put anything into it.

    >>> masked_name("patients_pkey"), masked_name("Jane Doe")
    ('patients_pkey', '"?"')
    """
    return name if _PLAIN_NAME.fullmatch(name) else '"?"'


def _is_password(slice_: str, statement: list[str]) -> bool:
    if len(statement) < 3 or statement[-1] != "password" or slice_.lower() == "null":
        return False
    return statement[0] in ("create", "alter") and statement[1] in _ROLES


def _is_setting(slice_: str, statement: list[str]) -> bool:
    """Whether a word is the value of an application's own setting, such as app.user, or what it calls itself."""
    if len(statement) < 3 or not (statement[0] == "set" or (statement[0] == "alter" and statement[1] in _ALTERED)):
        return False
    opening = statement[:_OPENING]
    given = opening[opening.index("set") + 1 :] if "set" in opening else []
    sign = next((place for place, word in enumerate(given) if word in ("=", "to")), 0)
    return bool(_OWN_SETTINGS & set(given[:sign])) and slice_.lower() != "default"
