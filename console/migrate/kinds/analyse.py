"""What one statement does, told from its tokens alone.

Token rules do all of it. sqlglot 30, measured beside them, types nine of ten of our statements, but not row security,
policies, LOCK, functions and continuous aggregates, and takes longer to be imported than all of them to be analysed. It
is asked for what needs a parser: the columns of an expression (lint.columns).
"""

from collections.abc import Callable
from functools import lru_cache

from console.migrate.kinds import data, upkeep
from console.migrate.kinds.alter import alter
from console.migrate.kinds.blocks import inside
from console.migrate.kinds.create import create
from console.migrate.kinds.drop import drop
from console.migrate.kinds.models import Action, Analysis, Tokens
from console.migrate.kinds.reader import Reader, joined
from console.sql.lexer import Statement

_UNKNOWN = "Statements of this kind are not analysed: what it does is only known when it runs."
_BLOCK = "A DO block decides while it runs what it does; only statements that stand in it as such were recognised."
_PREPARED = "What a prepared statement does is not in its EXECUTE."

_RUNS_FUNCTIONS = ("SELECT", "VALUES", "WITH", "CALL", "INSERT", "UPDATE", "DELETE", "MERGE")


@lru_cache(maxsize=4096)
def analyse(statement: Statement) -> Analysis:
    """What a statement does.

    >>> from console.sql.lexer import split
    >>> [found] = split("ALTER TABLE tasks ADD COLUMN a int, DROP COLUMN b")
    >>> analyse(found).kind, [thing.label() for thing in analyse(found).drops]
    ('ALTER TABLE ADD COLUMN, DROP COLUMN', ['column b of tasks'])
    """
    tokens = joined(statement.tokens)
    if tokens[0].upper() == "DO":
        block = tuple(analyse(each) for each in inside(statement))
        return Analysis(statement.line, tokens, (Action("DO"),), _BLOCK, block)
    actions = _actions(tokens)
    if not actions:
        kind = " ".join(tokens[:2]).upper()
        return Analysis(statement.line, tokens, (Action(kind),), _UNKNOWN)
    return Analysis(statement.line, tokens, actions, _opaque(tokens))


def _actions(tokens: Tokens) -> tuple[Action, ...]:
    verb = tokens[0].upper()
    if verb == "ALTER":
        return alter(Reader(tokens[1:]))
    if verb in ("CREATE", "DROP"):
        action = (create if verb == "CREATE" else drop)(Reader(tokens[1:]))
        return (action,) if action else ()
    read = _VERBS.get(verb)
    return (read(tokens),) if read else ()


def _opaque(tokens: Tokens) -> str | None:
    verb = tokens[0].upper()
    if verb == "EXECUTE":
        return _PREPARED
    stranger = data.stranger(tokens) if verb in _RUNS_FUNCTIONS else None
    return f"What the function {stranger} does is not in this statement." if stranger else None


def _named_only(tokens: Tokens) -> Action:
    return Action(tokens[0].upper())


def _discard(tokens: Tokens) -> Action:
    what = " ".join(tokens).upper()
    return Action(what, transactional=what != "DISCARD ALL")


_VERBS: dict[str, Callable[[Tokens], Action]] = {
    **dict.fromkeys(("SELECT", "WITH", "VALUES", "TABLE"), data.query),
    **dict.fromkeys(("INSERT", "UPDATE", "DELETE", "MERGE"), data.writing),
    "CALL": data.procedure,
    "COPY": data.copy,
    "TRUNCATE": data.truncate,
    "COMMENT": upkeep.comment,
    "LOCK": upkeep.lock,
    "GRANT": upkeep.rights,
    "REVOKE": upkeep.rights,
    "VACUUM": upkeep.vacuum,
    "ANALYZE": upkeep.analyze,
    "ANALYSE": upkeep.analyze,
    "CLUSTER": upkeep.cluster,
    "REINDEX": upkeep.reindex,
    "REFRESH": upkeep.refresh,
    "SET": upkeep.setting,
    "RESET": upkeep.setting,
    "DISCARD": _discard,
    **dict.fromkeys(
        (
            "COMMIT",
            "ROLLBACK",
            "LISTEN",
            "UNLISTEN",
            "NOTIFY",
            "PREPARE",
            "EXECUTE",
            "DEALLOCATE",
            "CHECKPOINT",
            "SHOW",
            "EXPLAIN",
        ),
        _named_only,
    ),
}
"""How a statement is read by its first word; CREATE, ALTER and DROP have their own tables."""
