"""How several share room of which there is not enough for all: pure."""

from collections.abc import Sequence


def shares(spare: int, wanted: Sequence[int]) -> list[int]:
    """What each gets of the spare cells: nobody more than he wants, and nobody less than one who wants as much.

    >>> shares(10, [20, 2, 0, 20]), shares(-3, [20])
    ([4, 2, 0, 4], [0])
    """
    given = [0] * len(wanted)
    for left, place in zip(range(len(wanted), 0, -1), sorted(range(len(wanted)), key=wanted.__getitem__), strict=True):
        given[place] = max(0, min(wanted[place], spare // left))
        spare -= given[place]
    return given
