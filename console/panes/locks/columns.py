"""What is shown of the lines of the tree."""

from collections.abc import Callable
from typing import Any

from console.panes.locks.tree import Again, Branch
from console.panes.locks.words import doing, named, wish
from console.services.locking.words import mode, place
from console.ui.columns import Column, Kind, Tone

ROOM = 14
"""Cells of tree lines and name together: as many as leave room for what one must know on 80 cells."""


def indented(branch: Branch) -> str:
    """Tree lines and name, or whom the line names; of lines deep below, the nearest and how deep.

    >>> from console.panes.locks.models import Party
    >>> party = Party.model_construct(id=471100, gid=None)
    >>> indented(Branch(party, 1, 9, "  " * 8 + "└─", 0, 0.0, None))
    '9…  └─471100'
    """
    named_here = _others(branch) if branch.again else named(branch.party)
    if branch.depth < 2 or len(branch.lines) + len(named_here) <= ROOM:
        return branch.lines + named_here
    return f"{branch.depth}…{branch.lines[-4:]}{named_here}"


def _others(branch: Branch) -> str:
    first, *more = branch.others
    return f"→ {'prepared' if first < 0 else first}{f' +{len(more)}' if more else ''}"


def state_text(branch: Branch) -> str:
    """What it does, in words and a sign."""
    if branch.again is Again.CYCLE:
        return "✖ a circle"
    if branch.again is Again.ELSEWHERE:
        return "▲ waits here too"
    return f"{'▲' if branch.party.waits else '✖'} {doing(branch.party)}"


def tone(branch: Branch) -> Tone:
    """The colour that goes with it."""
    if branch.again is Again.ELSEWHERE:
        return Tone.MUTED
    return Tone.WARNING if branch.party.waits and branch.again is None else Tone.ERROR


def query_text(branch: Branch) -> str | None:
    """The statement without literals, or why there is none."""
    if branch.again:
        return branch.note
    return "hidden from this role" if branch.party.hidden else branch.party.query_text


def own(value: Callable[[Branch], Any]) -> Callable[[Branch], Any]:
    """A value of a party's own line; a line that only names others has none."""
    return lambda branch: None if branch.again else value(branch)


COLUMNS: tuple[Column[Branch], ...] = (
    Column(id="pid", title="session", value=lambda b: named(b.party), drawn=indented, width=ROOM, tone=tone),
    Column(id="blocks", title="blocks", value=own(lambda b: b.blocks or None), width=6, kind=Kind.NUMBER, tone=tone),
    Column(id="waited", title="waited", value=own(lambda b: b.party.waited), width=7, kind=Kind.SECONDS),
    Column(id="state", title="state", value=own(lambda b: doing(b.party)), drawn=state_text, width=17, tone=tone),
    Column(id="wants", title="wants", value=own(lambda b: wish(b.party) or None), width=14, priority=2),
    Column(id="on", title="on", value=own(lambda b: b.on and place(b.on)), width=14),
    Column(id="holds", title="holds", value=own(lambda b: mode(b.party.mode_held) or None), width=16, priority=5),
    Column(id="app", title="application", value=own(lambda b: b.party.application or None), width=16, priority=4),
    Column(id="user", title="user", value=own(lambda b: b.party.user), width=10, priority=6),
    Column(id="tx", title="tx", value=own(lambda b: b.party.transaction_age), width=5, kind=Kind.SECONDS, priority=7),
    Column(id="query", title="statement", value=query_text, width=18, grows=True, priority=3),
)
"""What is shown of a line; without room the highest priorities go first."""
