"""The lock tree, from parties made up by hand and by Hypothesis."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.panes.locks.models import Party
from console.panes.locks.tree import Again, flat, grow


def party(id: int, *blocked_by: int, waited: float = 1.0, **known: object) -> Party:  # noqa: A002 - the field's name
    """Who waits for these, or for nobody."""
    waits = {"mode_wanted": "ShareLock", "waited": waited} if blocked_by else {}
    usual = {"id": id, "blocked_by": list(blocked_by), "modes_held": [], "has_written": False}
    return Party.model_validate(dict.fromkeys(Party.model_fields) | usual | waits | known)


def drawn(parties: Sequence[Party]) -> list[str]:
    """The lines of the tree, as short as can be."""
    return [
        f"{branch.lines}{branch.again}:{','.join(map(str, branch.others))}"
        if branch.again
        else f"{branch.lines}{branch.party.id} {branch.blocks}"
        for branch in grow(parties)
    ]


TREES: Mapping[str, tuple[list[Party], list[str]]] = {
    "nobody": ([], []),
    "two": ([party(2, 1), party(1)], ["1 1", "└─2 0"]),
    "chain": ([party(1), party(2, 1), party(3, 2)], ["1 2", "└─2 1", "  └─3 0"]),
    "the root that blocks most comes first": (
        [party(1), party(2, 1), party(5), party(6, 5), party(7, 5)],
        ["5 2", "├─6 0", "└─7 0", "1 1", "└─2 0"],
    ),
    "of equals the one that is waited for longest": (
        [party(1), party(2, 1, waited=5.0), party(5), party(6, 5, waited=50.0)],
        ["5 1", "└─6 0", "1 1", "└─2 0"],
    ),
    "a queue stands in its order": (
        [party(1), party(2, 1, waited=5.0), party(3, 1, waited=9.0), party(4, 1, waited=7.0)],
        ["1 3", "├─3 0", "├─4 0", "└─2 0"],
    ),
    "waits for two": (
        [party(1), party(2), party(3, 1, 2), party(4, 2)],
        ["2 2", "├─3 0", "└─4 0", "1 1", "└─elsewhere:3"],
    ),
    "waits for the holder and for another who waits for him": (
        [party(1), party(2, 1), party(3, 1, 2)],
        ["1 2", "├─2 1", "│ └─3 0", "└─elsewhere:3"],
    ),
    "a deadlock": ([party(1, 2), party(2, 1)], ["1 1", "└─2 1", "  └─cycle:1"]),
    "a circle of three with a tail": (
        [party(4, 2), party(1, 3), party(2, 1, waited=9.0), party(3, 2)],
        ["2 3", "├─3 3", "│ └─1 3", "│   └─cycle:2", "└─4 0"],
    ),
    "a circle below a root": ([party(9), party(1, 9, 2), party(2, 1)], ["9 2", "└─1 1", "  └─2 1", "    └─cycle:1"]),
    "a prepared transaction": ([party(-700, gid="g"), party(2, -700)], ["-700 1", "└─2 0"]),
    "a blocker that has gone meanwhile": ([party(2, 1), party(3, 2)], ["2 1", "└─3 0"]),
    "itself": ([party(2, 2)], ["2 0"]),
}


@pytest.mark.parametrize("case", TREES)
def test_the_tree_is_as_made_by_hand(case: str) -> None:
    parties, lines = TREES[case]
    assert drawn(parties) == lines
    assert drawn(parties[::-1]) == lines


def test_without_its_lines_everybody_is_there_once() -> None:
    parties, _ = TREES["a circle of three with a tail"]
    assert sorted(branch.party.id for branch in flat(grow(parties))) == [1, 2, 3, 4]


def test_a_chain_of_a_thousand_is_drawn() -> None:
    tree = grow([party(n, *[n - 1] * (n > 1)) for n in range(1, 1001)])
    assert (tree[0].blocks, tree[-1].depth) == (999, 999)


IDS = st.integers(1, 9)
PARTIES = st.dictionaries(IDS, st.tuples(st.lists(IDS, max_size=3), st.floats(0, 3))).map(
    lambda known: [party(each, *by, waited=waited) for each, (by, waited) in known.items()]
)


@given(PARTIES, st.randoms(use_true_random=False))
def test_everybody_stands_once_below_somebody_he_waits_for(parties: list[Party], random: Random) -> None:
    tree = grow(parties)
    own = [branch for branch in tree if branch.again is None]
    here = {each.id for each in parties}
    assert sorted(branch.party.id for branch in own) == sorted(here)
    shown: set[tuple[int, int]] = set()
    path: list[int] = []
    for branch in tree:
        above = path[branch.depth - 1] if branch.depth else None
        if branch.again is None:
            assert above is None or above in branch.party.blocked_by
            assert branch.root == (path[0] if branch.depth else branch.party.id)
            path[branch.depth :] = [branch.party.id]
        assert branch.again is not Again.CYCLE or set(branch.others) <= set(path)
        below = branch.others if branch.again else (branch.party.id,)
        shown |= {(each, above) for each in below if above is not None}
    assert shown == {(each.id, by) for each in parties for by in set(each.blocked_by) & here - {each.id}}
    random.shuffle(parties)
    assert grow(parties) == tree
