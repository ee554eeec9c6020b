"""The line above the lock tree: how many wait, and whose fault it is."""

from collections.abc import Sequence

from console.panes.locks.tree import Again, Branch
from console.panes.locks.words import accusation
from console.ui.bar import DataBar
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.units import age, count


class LockStanding(DataBar[Sequence[Branch]]):
    """How many wait, how long, for whom most of them, and whether some wait in a circle."""

    def told(self, data: Sequence[Branch], width: int) -> list[Piece]:
        """What fits; the worst comes first."""
        return summed(data)


def summed(tree: Sequence[Branch]) -> list[Piece]:
    """The line above the tree."""
    if not tree:
        return []
    waiting = [branch.party for branch in tree if branch.again is None and branch.party.waits]
    longest = max((party.waited or 0.0 for party in waiting), default=0.0)
    circles = sum(branch.again is Again.CYCLE for branch in tree)
    return [
        Piece(f"  ✖ {accusation(tree[0].party, tree[0].blocks)}", Tone.ERROR),
        *([Piece(f" · ✖ {circles} deadlock{'s' if circles > 1 else ''}", Tone.ERROR)] if circles else []),
        Piece(f" · {count(len(waiting))} wait{'s' if len(waiting) == 1 else ''}, longest {age(longest)}", Tone.WARNING),
    ]
