"""Regular expressions that a person types while the screen waits: none that could take minutes."""

import re
import warnings
from itertools import pairwise

from console.errors import UsageError

PATTERN_LIMIT = 200
"""Characters of a pattern."""

TEXT_LIMIT = 500
"""Characters of a text that a pattern is tried on."""

REPEATS_LIMIT = 2
"""Repeats in one pattern. Two need the third power of the text at the worst (0.5 s), three the fourth (30 s)."""

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[a-zA-Z]+\)|\((?:\?[:=!<P][=!]?)?|\{\d*,?\d*\}|.", re.DOTALL)


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, upper and lower case alike; UsageError if it is wrong or could be slow.

    Python's `re` goes back over every way in which repeats can share a text, and nothing can stop it meanwhile.

    >>> bool(compiled(r"update\\s+tasks").search("UPDATE tasks set x = ?"))
    True
    >>> compiled("(a+)+$")
    Traceback (most recent call last):
    ...
    console.errors.UsageError: A repeat inside a repeated group may take for ever.
    """
    _refuse_slow(pattern)
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)  # such as [[: what it means will change
        try:
            return re.compile(pattern, re.IGNORECASE)
        except (re.error, OverflowError, FutureWarning) as error:
            raise UsageError(f"The pattern is wrong: {error}.") from error


def found(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the pattern is in the part of the text that is looked at."""
    return pattern.search(text[:TEXT_LIMIT]) is not None


def _refuse_slow(pattern: str) -> None:
    if len(pattern) > PATTERN_LIMIT:
        raise UsageError(f"A pattern has {PATTERN_LIMIT} characters at most.")
    tokens = _TOKEN.findall(pattern)
    branching, repeats = [False], 0  # for each open group: whether it can match one text in several ways
    for token, following in pairwise([*tokens, ""]):
        if token == ")" and len(branching) > 1:
            inner = branching.pop()
            if inner and _repeats(following):
                raise UsageError("A repeat inside a repeated group may take for ever.")
            branching[-1] |= inner
        elif token.startswith("(") and not token.endswith(")"):
            branching.append(False)
        elif _repeats(token) or token in {"?", "|"}:
            branching[-1] = True
            repeats += _repeats(token)
        elif re.fullmatch(r"\\[1-9]", token) or token == "(?P=":
            raise UsageError("A pattern may not refer back to a group.")
    if repeats > REPEATS_LIMIT:
        raise UsageError(f"A pattern has {REPEATS_LIMIT} repeats at most; several terms can have them each.")


def _repeats(token: str) -> bool:
    return token in {"*", "+"} or (token.startswith("{") and len(token) > 1)
