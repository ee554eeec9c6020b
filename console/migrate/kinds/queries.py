"""Which tables a query reads and writes, and what it calls for its effect."""

from dataclasses import dataclass

from console.migrate.kinds.models import Tokens
from console.migrate.kinds.reader import identifier, is_name, name_at

_BEGINS_QUERY = frozenset({"SELECT", "DELETE", "UPDATE", "MERGE"})
_ENDS_FROM = frozenset(
    {"WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "UNION", "EXCEPT", "INTERSECT", "WINDOW", "FETCH"}
    | {"FOR", "RETURNING", "SET", "VALUES", "WHEN", "SELECT"}
)
_BEFORE_NAME = frozenset({"ONLY", "LATERAL", "ROWS"})


@dataclass(slots=True)
class _Level:
    """One parenthesis of a query."""

    query: bool = False
    """Whether a query began in it, so that FROM names tables; not so in extract(year FROM x)."""
    listing: bool = False
    """Whether it is inside a FROM, where a comma is followed by another table."""
    expecting: bool = False
    """Whether a table's name comes next."""


def tables_read(tokens: Tokens) -> tuple[str, ...]:
    """The tables and views that stand in any FROM, JOIN or USING of a query, each once, its own CTEs left out.

    >>> tables_read(tuple("select extract ( year from now ( ) ) from a join s . b on x , c where y in".split()))
    ('a', 's.b', 'c')
    """
    found: dict[str, None] = {}
    levels = [_Level()]
    at = 0
    while at < len(tokens):
        level, word = levels[-1], tokens[at].upper()
        if word == "(":
            levels.append(_Level(listing=level.expecting, expecting=level.expecting))
            level.expecting = False
        elif word == ")":
            levels = levels[:-1] or [_Level()]
        elif level.expecting and word not in _BEFORE_NAME and word not in _BEGINS_QUERY | {"VALUES", "WITH"}:
            name, after = name_at(tokens, at)
            if name and tokens[after : after + 1] != ("(",):
                found[name] = None
            level.expecting = False
            at = max(at, after - 1)
        else:
            _step(level, word, tokens[at - 1].upper() if at else "", tokens[at + 1 : at + 2])
        at += 1
    return tuple(name for name in found if name not in _named_with(tokens))


def _step(level: _Level, word: str, before: str, after: Tokens) -> None:
    """Go on by one token that is no table's name."""
    if word in _BEGINS_QUERY and before not in ("FOR", "DO", "NO", "KEY"):
        level.query, level.listing, level.expecting = True, False, False
    elif word == "FROM" and level.query and before != "DISTINCT":
        level.listing = level.expecting = True
    elif word == "USING" and level.query:
        level.expecting = after != ("(",)  # else columns of a join, or a query that says its own FROM
    elif word == "JOIN" or (word == "," and level.listing) or (word == "TABLE" and not level.query):
        level.expecting = True
    elif word in _ENDS_FROM:
        level.listing = False


def _named_with(tokens: Tokens) -> set[str]:
    """The names of common table expressions: name [(columns)] AS [[NOT] MATERIALIZED] (."""
    words = [token.upper() for token in tokens]
    if "WITH" not in words:
        return set()
    found = set()
    for at, word in enumerate(words):
        if word == "AS" and _opens(words, at + 1) and words[at - 1 : at]:
            begin = _opening(tokens, at - 1) if tokens[at - 1] == ")" else at
            if begin and is_name(tokens[begin - 1]):
                found.add(identifier(tokens[begin - 1]))
    return found


def _opens(words: list[str], at: int) -> bool:
    while words[at : at + 1] in (["NOT"], ["MATERIALIZED"]):
        at += 1
    return words[at : at + 1] == ["("]


def _opening(tokens: Tokens, closing: int) -> int:
    """The offset of the parenthesis that a closing one belongs to."""
    depth = 0
    for at in range(closing, -1, -1):
        depth += (tokens[at] == ")") - (tokens[at] == "(")
        if depth == 0:
            return at
    return 0


def tables_written(tokens: Tokens) -> tuple[str, ...]:
    """The tables that a statement inserts into, updates, deletes from or merges into, each once.

    >>> tables_written(tuple("with x as ( delete from a returning * ) insert into b select * from x".split()))
    ('a', 'b')
    """
    found: dict[str, None] = {}
    words = [token.upper() for token in tokens]
    for at, word in enumerate(words):
        begins = at == 0 or words[at - 1] in ("(", ")")
        after = at + 1 if word == "UPDATE" else at + 2
        writes = word == "UPDATE" or words[at : at + 2] in (["INSERT", "INTO"], ["DELETE", "FROM"], ["MERGE", "INTO"])
        if begins and writes:
            name, _ = name_at(tokens, after + (words[after : after + 1] == ["ONLY"]))
            found[name] = None
    return tuple(name for name in found if name)
