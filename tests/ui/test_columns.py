"""Which columns fit."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from console.ui.columns import GUTTER, Column, Kind, Slot, arrange, whole_widths
from console.ui.drawing import row_line
from tests.ui.sample import HOSTILE

COLUMN = st.builds(
    lambda width, priority, grows: Column[str](
        id=f"c{width}", title="t", value=str, width=width, priority=priority, grows=grows
    ),
    st.integers(1, 30),
    st.integers(1, 9),
    st.booleans(),
)

COLUMNS = st.lists(COLUMN, max_size=12, unique_by=lambda column: column.id)


@given(COLUMNS, st.integers(0, 200), st.none() | st.just({"c1": 50}))
def test_columns_keep_their_order_and_never_overlap(
    columns: list[Column[str]], width: int, whole: dict[str, int] | None
) -> None:
    slots = arrange(columns, width, whole=whole)
    left = GUTTER
    for slot in slots:
        assert slot.x == left
        assert slot.width >= slot.column.width
        left = slot.x + slot.width + 1
    assert [column for column in columns if any(slot.column is column for slot in slots)] == [s.column for s in slots]


@given(COLUMNS, st.integers(0, 200))
def test_only_what_must_be_shown_may_need_more_than_there_is(columns: list[Column[str]], width: int) -> None:
    slots = arrange(columns, width)
    optional = [slot for slot in slots if slot.column.priority > 1]
    if optional:
        assert slots[-1].x + slots[-1].width <= width
    assert {id(s.column) for s in slots} >= {id(c) for c in columns if c.priority == 1}


@given(COLUMNS, st.lists(st.text("ab東 \n", max_size=40), max_size=5))
def test_nothing_is_cut_in_a_wide_table(columns: list[Column[str]], rows: list[str]) -> None:
    slots = arrange(columns, 10, whole=whole_widths(columns, rows))
    assert [slot.column for slot in slots] == columns
    for row in rows:
        assert all(slot.column.written(row) in "".join(_texts(slots, row)) for slot in slots)


def _texts(slots: Sequence[Slot[str]], row: str) -> list[str]:
    return [piece.text for piece in row_line(slots, row, 10, look="row", marked=False).pieces]


def test_a_cell_is_exactly_as_wide_as_its_slot_whatever_it_holds() -> None:
    column = Column[str](id="q", title="q", value=str, width=9)
    line = row_line(arrange([column], 12), HOSTILE, 12, look="row", marked=False)
    assert "".join(piece.text for piece in line.pieces) == "  " + r"\x1b]52;…" + " "


def test_each_kind_is_written_in_its_own_manner() -> None:
    written = [
        Column[float](id="x", title="x", value=float, width=5, kind=kind).written(90_000.0)
        for kind in (Kind.SECONDS, Kind.BYTES, Kind.NUMBER)
    ]
    assert written == ["1 d", "87.9 kB", "90,000"]
