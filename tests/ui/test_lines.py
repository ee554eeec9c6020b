"""What is written when a line changes."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.ui.columns import Tone
from console.ui.lines import Line, Piece, changes

TEXT = st.text("ab东é ", min_size=1, max_size=12)
PIECE = st.builds(Piece, TEXT, st.sampled_from(list(Tone)))


def cells(line: Line) -> list[tuple[str, str, str]]:
    """What stands in each cell; the second cell of a wide character says so."""
    filled = []
    for text, tone in line.pieces:
        for character in text:
            filled += [(character, tone, line.look), ("wide", tone, line.look)][: cell_len(character)]
    return filled


@given(
    st.builds(Line, st.just("row"), st.lists(PIECE, max_size=5).map(tuple)),
    st.builds(Line, st.sampled_from(["row", "cursor"]), st.lists(PIECE, max_size=5).map(tuple)),
)
def test_writing_the_spans_makes_the_old_line_the_new_one(old: Line, new: Line) -> None:
    before, after = cells(old), cells(new)
    screen = before + [("", "", "")] * max(0, len(after) - len(before))
    wanted = after + [("", "", "")] * max(0, len(before) - len(after))
    for start, end in changes(old, new):
        screen[start:end] = wanted[start:end]
    assert screen == wanted


@given(st.builds(Line, st.just("row"), st.lists(PIECE, max_size=5).map(tuple)))
def test_an_unchanged_line_writes_nothing(line: Line) -> None:
    assert changes(line, line) == []
