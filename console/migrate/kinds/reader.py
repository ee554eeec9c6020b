"""Reads the tokens of one statement from left to right."""

import re
import string
from collections.abc import Iterable, Sequence

from console.migrate.kinds.models import Tokens

_FOLDED = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")
_NAME = re.compile(r'[^\W\d][\w$]*|(?:[uU]&)?"(?:[^"]|"")+"')


def identifier(token: str) -> str:
    """A name as the server folds it; one that needs its quotes keeps them.

    >>> identifier("Tasks"), identifier('"tasks"'), identifier('"Tasks"')
    ('tasks', 'tasks', '"Tasks"')
    """
    if token.startswith('"'):
        return token[1:-1] if _PLAIN.fullmatch(token[1:-1]) else token
    return token.translate(_FOLDED)


def joined(tokens: Tokens) -> Tokens:
    """The tokens with :: and := in one piece; the lexer gives colons one by one.

    >>> joined(("a", ":", ":", "b", "[", "1", ":", "2", "]"))
    ('a', '::', 'b', '[', '1', ':', '2', ']')
    """
    if ":" not in tokens:
        return tokens
    found: list[str] = []
    for token in tokens:
        if found and found[-1] == ":" and token in (":", "="):
            found[-1] += token
        else:
            found.append(token)
    return tuple(found)


def is_name(token: str) -> bool:
    """Whether a token can be a name, or is a keyword."""
    return _NAME.fullmatch(token) is not None


def literal(tokens: Sequence[str]) -> str | None:
    """The value of a plain string that stands alone, also with a cast behind it; None for anything else.

    >>> literal(("'it''s'", "::", "text")), literal(("a", ))
    ("it's", None)
    """
    if tokens and tokens[0].startswith("'") and (len(tokens) == 1 or tokens[1] == "::"):
        return tokens[0][1:-1].replace("''", "'")
    return None


def parts(tokens: Iterable[str]) -> list[Tokens]:
    """What stands between the commas that are in no parenthesis.

    >>> parts(("a", "(", "b", ",", "c", ")", ",", "d"))
    [('a', '(', 'b', ',', 'c', ')'), ('d',)]
    """
    found: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token in ("(", "[")) - (token in (")", "]"))
        if token == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return [tuple(part) for part in found if part]


def name_at(tokens: Sequence[str], at: int) -> tuple[str, int]:
    """The name that stands at an offset, with its schema, and the offset after it; empty where none stands.

    >>> name_at(("from", "public", ".", "Tasks", "as"), 1)
    ('public.tasks', 4)
    """
    if at >= len(tokens) or not is_name(tokens[at]):
        return "", at
    name = identifier(tokens[at])
    while at + 2 < len(tokens) and tokens[at + 1] == "." and is_name(tokens[at + 2]):
        at += 2
        name += "." + identifier(tokens[at])
    return name, at + 1


class Reader:
    """A place in a statement; every verb moves it past what it has read."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tuple(tokens)
        self._words = tuple(token.upper() for token in tokens)
        self._at = 0

    @property
    def word(self) -> str:
        """The token here in capitals; empty at the end."""
        return self._words[self._at] if self._at < len(self._words) else ""

    @property
    def rest(self) -> Tokens:
        """Everything from here on."""
        return self._tokens[self._at :]

    def next(self) -> str:
        """The token here; moves past it."""
        token = self._tokens[self._at] if self._at < len(self._tokens) else ""
        self._at += 1
        return token

    def take(self, *phrases: str) -> str:
        """The first of the phrases that stands here, moved past; empty where none does."""
        for phrase in phrases:
            words = tuple(phrase.split())
            if self._words[self._at : self._at + len(words)] == words:
                self._at += len(words)
                return phrase
        return ""

    def name(self) -> str:
        """The name here, with its schema; empty where none stands."""
        name, self._at = name_at(self._tokens, self._at)
        return name

    def relation(self) -> str:
        """The name of a table, without the ONLY before it and the * behind it."""
        self.take("ONLY")
        name = self.name()
        self.take("*")
        return name

    def group(self) -> Tokens:
        """What stands in the parenthesis that begins here; nothing where none does."""
        if self.word != "(":
            return ()
        start, depth = self._at + 1, 0
        while self._at < len(self._tokens):
            depth += (self.word == "(") - (self.word == ")")
            self._at += 1
            if depth == 0:
                return self._tokens[start : self._at - 1]
        return self._tokens[start:]

    def until(self, *words: str) -> Tokens:
        """What stands before the first of the words that is in no parenthesis, or before the end."""
        start, depth = self._at, 0
        while self._at < len(self._words) and (depth or self.word not in words):
            depth += (self.word in ("(", "[")) - (self.word in (")", "]"))
            self._at += 1
        return self._tokens[start : self._at]

    def find(self, phrase: str) -> bool:
        """Whether a phrase stands here or later, in no parenthesis; moves past it if so, else stays."""
        words, here = tuple(phrase.split()), self._at
        while self._at < len(self._words):
            self.until(words[0])
            if self.take(phrase):
                return True
            self._at += 1
        self._at = here
        return False


def options(tokens: Iterable[str]) -> dict[str, str]:
    """The names and values of an option list; an option without a value is on.

    >>> options(("timescaledb", ".", "compress", ",", "fillfactor", "=", "70"))
    {'timescaledb.compress': 'true', 'fillfactor': '70'}
    """
    found = {}
    for part in parts(tokens):
        reader = Reader(part)
        name = reader.name()
        value = reader.rest[1:] if reader.word == "=" else reader.rest
        text = literal(value)
        found[name] = " ".join(value).lower() or "true" if text is None else text
    return found
