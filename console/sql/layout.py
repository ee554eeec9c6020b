"""Lays out a statement for reading: a new line before its main clauses, and not a token changed.

A parser that writes SQL anew says other things than what ran: `now()` becomes CURRENT_TIMESTAMP, `a::text` a CAST, and
`tasks t` gets an AS. So only the space between the tokens is ours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from console.sql.tokens import tokens

ONE_LINE = 72
"""Characters of a statement that needs no second line."""

_LAID_OUT = frozenset({"select", "with", "insert", "update", "delete", "merge", "explain", "declare"})
_QUERIES = frozenset({"select", "with", "insert", "update", "delete", "merge", "values"})
_CLAUSES = frozenset(
    {"select", "from", "where", "having", "limit", "offset", "union", "intersect", "except", "window", "values",
     "returning", "left", "right", "full", "inner", "cross", "natural", "join", "insert", "delete", "merge"}
)  # fmt: skip
_PAIRS = frozenset(
    {("group", "by"), ("order", "by"), ("on", "conflict"), ("fetch", "first"), ("fetch", "next"), ("for", "update"),
     ("for", "no"), ("for", "share"), ("for", "key"), ("when", "matched"), ("when", "not")}
)  # fmt: skip
_TOGETHER = frozenset(
    {("delete", "from"), ("distinct", "from"), ("then", "insert"), ("then", "delete"), ("default", "values"),
     *((before, "join") for before in ("left", "right", "full", "inner", "cross", "natural", "outer")),
     *(("natural", kind) for kind in ("left", "right", "full", "inner"))}
)  # fmt: skip


@dataclass(slots=True)
class _Level:
    """What is known inside one pair of parentheses, or outside all."""

    query: bool
    """Whether a statement stands in it, so that its clauses get lines of their own."""
    indent: int = 0
    """Blanks before its clauses."""
    line: int = 0
    """Blanks before the line that is being written."""
    cases: int = 0
    """CASE expressions that are open."""
    between: bool = False
    """Whether the next AND belongs to a BETWEEN."""
    updates: bool = False
    """Whether a SET would be an UPDATE's."""


def laid_out(text: str) -> str:
    """A statement on several lines; one that is short, has lines already, or is no query stays as it is.

    >>> print(laid_out("select t.id, u.name from tasks t left join users u on u.id = t.user_id where t.due < now()"))
    select t.id, u.name
    from tasks t
    left join users u on u.id = t.user_id
    where t.due < now()
    """
    if len(text) <= ONE_LINE or "\n" in text or "\r" in text:
        return text
    words = list(_words(text))
    if not words or words[0][1].lower() not in _LAID_OUT:
        return text
    return "".join(gap + word for gap, word in _with_gaps(words))


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Every token that is no space, with the space before it as one blank."""
    gap = ""
    for kind, start, end in tokens(text):
        if kind == "space":
            gap = " "
        else:
            yield gap, text[start:end]
            gap = ""


def _with_gaps(words: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The tokens, some of their gaps turned into line breaks."""
    levels = [_Level(query=True)]
    before = ""
    for place, (gap, word) in enumerate(words):
        said, after = word.lower(), words[place + 1][1].lower() if place + 1 < len(words) else ""
        level = levels[-1]
        if said == ")" and len(levels) > 1:
            levels.pop()
            yield (_line(levels[-1].line) if level.query else gap), word
        elif before == "(" and level.query:
            yield _line(level.indent), word
        else:
            yield (_gap(level, before, said, after) if place and gap else gap), word
        _note(levels[-1], said)
        if said == "(":
            levels.append(_inside(levels[-1], query=after in _QUERIES))
        before = said


def _inside(level: _Level, *, query: bool) -> _Level:
    indent = level.line + 2 if query else level.line
    return _Level(query, indent, indent)


def _gap(level: _Level, before: str, said: str, after: str) -> str:
    """What stands in place of a blank."""
    if not level.query or level.cases:
        return " "
    if said in ("and", "or"):
        if said == "and" and level.between:
            return " "
        level.line = level.indent + 2
    elif _begins_clause(level, before, said, after):
        level.line = level.indent
    else:
        return " "
    return _line(level.line)


def _begins_clause(level: _Level, before: str, said: str, after: str) -> bool:
    if (before, said) in _TOGETHER or (after == "(" and said in ("left", "right")):
        return False
    if said in ("set", "update"):
        return level.updates and before != "update" if said == "set" else before == ")"
    return said in _CLAUSES or (said, after) in _PAIRS


def _note(level: _Level, said: str) -> None:
    """Remember what decides about the words to come."""
    if said == "case":
        level.cases += 1
    elif said == "end" and level.cases:
        level.cases -= 1
    elif said in ("between", "and"):
        level.between = said == "between"
    elif said == "update":
        level.updates = True


def _line(indent: int) -> str:
    return "\n" + " " * indent
