"""How long the locks of a plan would be held, from the rows that are there and rates that were measured."""

from collections.abc import Callable, Sequence
from math import ceil

from console.errors import Refused
from console.migrate.kinds.models import Action, Analysis

Rows = Callable[[str], float]
"""How many rows a relation has, by the name that a statement gives it."""

ROWS_PER_SECOND = {"copy": 200_000.0, "rewrite": 300_000.0, "scan": 600_000.0}
"""Measured on two cores with PostgreSQL 18, and rounded down: audit rows were copied at 390,000 to 460,000 a second, a
column's type was changed at 370,000 to 480,000, an index built at 770,000 to 3,200,000. Together they put 005 at half a
minute for a million rows, which it took. Other machines differ, so this is an estimate."""

LONGEST = 5.0
"""Seconds that writers may be kept out without somebody's agreeing to it (--accept-stall)."""

KEEPS_WRITERS_OUT = frozenset({"SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"})
"""The lock modes beside which nobody can write."""


def seconds(analysis: Analysis, rows: Rows, in_default: Rows) -> float | None:
    """How long one statement works on rows; None where that cannot be told.

    `rows` tells how many a relation has by then, `in_default` how many of them its DEFAULT partition has.
    """
    total = 0.0
    for action in analysis.actions:
        if action.work == "unknown":
            return None
        if action.work != "nothing":
            total += _touched(action, rows, in_default) / ROWS_PER_SECOND[action.work]
    return total


def _touched(action: Action, rows: Rows, in_default: Rows) -> float:
    """How many rows an action reads or writes: attaching reads the partition, and what DEFAULT has until then."""
    if action.kind == "ALTER TABLE ATTACH PARTITION":
        table, part = action.alters
        return rows(part.name) + in_default(table.name)
    return sum(map(rows, set(action.reads) or {lock.table for lock in action.locks}))


def wanted(longest: float, accepted: float | None = None) -> int | None:
    """Seconds that --accept-stall has to say before writers are kept out for so long; None where it need not.

    >>> wanted(5.0), wanted(7.2), wanted(7.2, accepted=8.0)
    (None, 8, None)
    """
    return None if longest <= max(LONGEST, accepted or 0.0) else ceil(longest)


def refuse(longest: float, what: str, accepted: float | None) -> None:
    """Stop before writers would be kept out for longer than somebody has agreed to; `what` names where."""
    needed = wanted(longest, accepted)
    if needed is None:
        return
    raise Refused(
        f"{what} would keep writers out for about {longest:,.0f} s.",
        state="Nothing was changed.",
        hint=f"Choose a quiet hour and agree to it: --accept-stall {needed}. migrate plan shows the statements.",
    )


def held(
    times: Sequence[float | None], keeps: Sequence[bool], declared: float, *, together: bool
) -> list[float | None]:
    """Seconds for which the locks of each statement keep writers out, to the end of its transaction.

    `keeps` says which statements do that at all, `together` that all are one transaction; `declared` are seconds that
    the file names itself, of statements that cannot be told: they come after every lock.

    >>> held([1.0, 2.0, 4.0], [False, True, True], 0.5, together=True)
    [None, 6.5, 4.5]
    """
    left = declared
    found: list[float | None] = []
    for time, locks in zip(reversed(times), reversed(keeps), strict=True):
        left = (left if together else declared) + (time or 0.0)
        found.append(round(left, 3) if locks else None)
    return found[::-1]
