"""Regular expressions that a person types while the screen waits: none that could take minutes."""

import re
import warnings
from collections.abc import Sequence
from itertools import pairwise
from math import comb, prod

from console.errors import UsageError

PATTERN_LIMIT = 200
"""Characters of a pattern."""

TEXT_LIMIT = 500
"""Characters of a text that a pattern is tried on."""

STEPS_LIMIT = 50_000_000
"""Steps that a pattern may take on one text at the worst, which is about a second; real texts need few of them."""

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[a-zA-Z]+\)|\((?:\?[:=!<P][=!]?)?|\{\d*,?\d*\}|.", re.DOTALL)
_BOUNDS = re.compile(r"\{(\d*)(,)?(\d*)\}")


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, upper and lower case alike; UsageError if it is wrong or could be slow.

    Python's `re` goes back over every way in which repeats and choices can share a text, and nothing can stop it
    meanwhile.

    >>> bool(compiled(r"update\\s+tasks").search("UPDATE tasks set x = ?"))
    True
    >>> compiled("(a+)+$")
    Traceback (most recent call last):
    ...
    console.errors.UsageError: A repeat or a choice inside a repeated group may take for ever.
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
    branching = [False]  # for each open group: whether it can match one text in several ways
    for token, following in pairwise([*tokens, ""]):
        if token == ")" and len(branching) > 1:
            inner = branching.pop()
            if inner and (following in {"*", "+"} or _BOUNDS.fullmatch(following)):
                raise UsageError("A repeat or a choice inside a repeated group may take for ever.")
            branching[-1] |= inner
        elif token.startswith("(") and not token.endswith(")"):
            branching.append(False)
        elif re.fullmatch(r"\\[1-9]", token) or token == "(?P=":
            raise UsageError("A pattern may not refer back to a group.")
        else:
            branching[-1] |= _ways(token) > 1
    if _steps(tokens) > STEPS_LIMIT:
        raise UsageError("So many repeats and choices in one pattern may take for ever; use several terms.")


def _steps(tokens: Sequence[str]) -> int:
    """What a search costs at the worst: for each place to begin at, all the ways to go on from there.

    >>> [_steps([*pattern]) for pattern in ("a", "a*", "a*b*", "a?b?c?")]
    [500, 125250, 20958500, 4000]
    """
    ways = [_ways(token) for token in tokens]
    repeats = sum(way >= TEXT_LIMIT for way in ways)
    # The beginning and the ends of repeats are so many places in the text, each no further left than the one before.
    return comb(TEXT_LIMIT + repeats, repeats + 1) * prod(way for way in ways if way < TEXT_LIMIT)


def _ways(token: str) -> int:
    """In how many ways a part of a pattern can be matched, or not.

    >>> [_ways(token) for token in ("a", "?", "|", "*", "{3}", "{2,5}", "{2,}")]
    [1, 2, 2, 500, 1, 4, 500]
    """
    if token in {"*", "+"}:
        return TEXT_LIMIT
    if token in {"?", "|"}:
        return 2
    bounds = _BOUNDS.fullmatch(token)
    if bounds is None or bounds[2] is None:
        return 1
    return min(TEXT_LIMIT, int(bounds[3]) - int(bounds[1] or 0) + 1) if bounds[3] else TEXT_LIMIT
