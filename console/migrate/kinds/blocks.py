"""The statements inside a DO block, as far as they stand there as such; what an EXECUTE builds is not seen."""

from collections.abc import Iterator

from console.sql.lexer import SqlError, Statement, split
from console.sql.tokens import tokens

_CONTROL = frozenset({"begin", "then", "else", "loop"})
_VERBS = frozenset(
    """
    alter analyze call comment commit copy create delete discard drop grant insert lock merge perform refresh
    reindex reset revoke rollback set truncate update vacuum
    """.split()  # noqa: SIM905 - a word a line would bury the rest
)


def inside(block: Statement) -> Iterator[Statement]:
    """Every SQL statement of a DO block's body, with the line where it stands; PERFORM is a SELECT.

    >>> [block] = split("DO $$ BEGIN\\n IF x THEN\\n DROP TABLE a; END IF; PERFORM f(); END $$")
    >>> [(found.line, *found.tokens) for found in inside(block)]
    [(3, 'DROP', 'TABLE', 'a'), (3, 'SELECT', 'f', '(', ')')]
    """
    text, first = _body(block)
    try:
        pieces = split(text)
    except SqlError:
        return  # the server says what is wrong with it
    for piece in pieces:
        at = _begin(piece.tokens)
        if at is not None:
            said = piece.tokens[at:]
            sent = ("SELECT", *said[1:]) if said[0].lower() == "perform" else said
            yield piece._replace(tokens=sent, line=first + piece.line - 1 + _lines_before(piece.text, at))


def words(said: tuple[str, ...]) -> Iterator[str]:
    """The tokens of a statement, and those of its body where it is a DO block.

    >>> list(words(("DO", "$$ -- a\\n begin f(); end $$")))[2:4]
    ['begin', 'f']
    """
    yield from said
    if said[0].upper() == "DO":
        text = _unquoted(_quoted(said))
        yield from (text[start:end] for kind, start, end in tokens(text) if kind not in ("space", "comment"))


def _body(block: Statement) -> tuple[str, int]:
    """The code of a block and the line where it begins."""
    quoted = _quoted(block.tokens)
    return _unquoted(quoted), block.line + block.text.count("\n", 0, block.text.find(quoted))


def _quoted(said: tuple[str, ...]) -> str:
    """The longest string, because the language may be one too."""
    return max((token for token in said if token.startswith(("$", "'"))), key=len, default="''")


def _unquoted(quoted: str) -> str:
    if quoted.startswith("'"):
        return quoted[1:-1].replace("''", "'")
    mark = quoted.find("$", 1) + 1
    return quoted[mark:-mark]


def _begin(said: tuple[str, ...]) -> int | None:
    """Where the SQL of a piece begins, behind the plpgsql that leads to it; None where there is none."""
    for at, token in enumerate(said):
        leads = at == 0 or said[at - 1].lower() in _CONTROL
        if leads and token.lower() in _VERBS and said[at + 1 : at + 2] not in ((":",), ("=",)):
            return at
    return None


def _lines_before(text: str, at: int) -> int:
    starts = [start for kind, start, _ in tokens(text) if kind not in ("space", "comment")]
    return text.count("\n", 0, starts[at])
