"""Regular expressions that a person types while the screen waits: none that keeps a key waiting."""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from math import comb, prod
from time import monotonic

from console.errors import UsageError

PATTERN_LIMIT = 200
"""Characters of a pattern."""

TEXT_LIMIT = 500
"""Characters of a text that a pattern is tried on."""

STEPS_LIMIT = 300_000
"""Steps that a pattern may take from one place of a text at the worst: 15 ms; nothing can stop it meanwhile."""

AT_ONCE = 600_000
"""Steps on a whole text below which it is searched in one go."""

PATIENCE = 0.025
"""Seconds for one text; only one that is made to be slow takes so long, and then thousands of them would."""

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[a-zA-Z]+\)|\((?:\?[:=!<P][=!]?)?|\{\d*,?\d*\}|.", re.DOTALL)
_SIGNS = frozenset(".^$*+?{}[]\\|()")
_BOUNDS = re.compile(r"\{(\d*)(,)?(\d*)\}")


class TooSlow(UsageError):
    """A filter that takes too long on these rows."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern and where in a text it can begin."""

    whole: re.Pattern[str]
    """All of it."""
    start: re.Pattern[str]
    """Fits wherever it can begin, and takes no character."""
    at_once: bool
    """Whether it never takes long."""

    def found(self, text: str) -> bool:
        """Whether it is in the part of the text that is looked at; TooSlow where that takes long."""
        seen = text[:TEXT_LIMIT]
        if self.at_once:
            return self.whole.search(seen) is not None
        ends = monotonic() + PATIENCE
        for place in self.start.finditer(seen):  # as a search does, but somebody looks at the clock
            if self.whole.match(seen, place.start()):
                return True
            if monotonic() > ends:
                raise TooSlow("This pattern takes too long on these texts; use several terms.")
        return False


def compiled(pattern: str) -> Pattern:
    """The pattern, upper and lower case alike; UsageError if it is wrong or could be slow.

    Python's `re` goes back over every way in which repeats and choices can share a text, and nothing can stop it
    meanwhile.

    >>> compiled(r"update\\s+tasks").found("UPDATE tasks set x = ?")
    True
    >>> compiled("(a+)+$")
    Traceback (most recent call last):
    ...
    console.errors.UsageError: A repeat or a choice inside a repeated group may take for ever.
    """
    tokens = _TOKEN.findall(pattern)
    _refuse_slow(pattern, tokens)
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)  # such as [[: what it means will change
        try:
            whole = re.compile(pattern, re.IGNORECASE)
        except (re.error, OverflowError, FutureWarning) as error:
            raise UsageError(f"The pattern is wrong: {error}.") from error
    start = re.compile(f"(?={re.escape(_head(tokens))})", re.IGNORECASE)
    return Pattern(whole, start, _steps(tokens) * TEXT_LIMIT <= AT_ONCE)


def _head(tokens: Sequence[str]) -> str:
    """The letters with which everything begins that fits; empty where it can begin with anything.

    >>> [_head(_TOKEN.findall(pattern)) for pattern in ("update.*x", "tasks*", "tasks{0}", "a|b", "^a")]
    ['update', 'task', 'task', '', '']
    """
    if "|" in tokens:
        return ""
    letters = list(takewhile(lambda token: len(token) == 1 and token not in _SIGNS, tokens))
    following = "".join(tokens[len(letters) : len(letters) + 1])
    return "".join(letters[:-1] if following in {"*", "+", "?"} or _BOUNDS.fullmatch(following) else letters)


def _refuse_slow(pattern: str, tokens: Sequence[str]) -> None:
    if len(pattern) > PATTERN_LIMIT:
        raise UsageError(f"A pattern has {PATTERN_LIMIT} characters at most.")
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
    """What a match costs at the worst: all the ways to go on from the place it begins at.

    >>> [_steps([*pattern]) for pattern in ("a", "a*", "a*b*", "a?b?c?")]
    [1, 500, 125250, 8]
    """
    ways = [_ways(token) for token in tokens]
    repeats = sum(way >= TEXT_LIMIT for way in ways)
    # The ends of repeats are so many places in the text, each no further left than the one before.
    return comb(TEXT_LIMIT + repeats - 1, repeats) * prod(way for way in ways if way < TEXT_LIMIT)


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
