"""Rows from refresh to refresh."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.ui import ordering, slices
from console.ui.rows import Rows

IDS = st.lists(st.integers(0, 30), unique=True, max_size=20)


def filled(ids: list[int]) -> Rows[int]:
    rows: Rows[int] = Rows(key=lambda row: row)
    rows.replace(ids)
    return rows


@given(IDS.filter(lambda ids: len(ids) > 1), st.data())
def test_the_cursor_stays_on_its_row_wherever_that_goes(ids: list[int], data: st.DataObject) -> None:
    rows = filled(ids)
    rows.move(data.draw(st.integers(1, len(ids) - 1)))
    held = rows.current
    assert held is not None
    rows.replace(data.draw(st.permutations(ids)))
    assert rows.current == held
    rows.sort(lambda row: -row)
    assert rows.current == held
    rows.replace(ids, [row for row in ids if row == held or row % 2 == 0])
    assert rows.current == held


@given(IDS, IDS, st.integers(0, 25))
def test_the_cursor_is_always_on_a_row_if_there_is_one(before: list[int], after: list[int], position: int) -> None:
    rows = filled(before)
    rows.move(position)
    rows.replace(after)
    assert (rows.current is None) == (not after)


def test_a_cursor_that_was_never_moved_stays_at_the_top() -> None:
    rows = filled([1, 2, 3])
    rows.replace([3, 1, 2])
    assert rows.current == 3


def test_a_row_that_went_leaves_the_cursor_where_it_was() -> None:
    rows = filled([1, 2, 3, 4])
    rows.move(2)
    rows.replace([1, 2, 4])
    assert rows.current == 4
    rows.replace([4, 1, 2])
    assert rows.current == 4


def test_marks_go_with_their_rows() -> None:
    rows = filled([1, 2, 3])
    rows.mark()
    rows.move(2)
    rows.mark()
    rows.replace([3, 2])
    assert rows.marked == {3}
    assert rows.chosen() == [3]


def test_marks_outlive_a_filter_that_hides_their_rows() -> None:
    rows = filled([1, 2, 3])
    rows.mark()
    rows.replace([1, 2, 3], [3])
    assert rows.shown == [3]
    assert rows.chosen() == [1]


def test_without_marks_the_row_under_the_cursor_is_chosen() -> None:
    assert filled([]).chosen() == []
    assert filled([7, 8]).chosen() == [7]


@given(st.lists(st.one_of(st.none(), st.text("aAbB", max_size=3))), st.booleans())
def test_rows_without_a_value_are_last_either_way(values: list[str | None], reverse: bool) -> None:
    rows: Rows[tuple[int, str | None]] = Rows(key=lambda row: row[0])
    rows.replace(list(enumerate(values)))
    rows.sort(lambda row: row[1], reverse=reverse)
    shown = [value for _, value in rows.shown]
    present = [value.casefold() for value in shown if value is not None]
    assert present == sorted(present, reverse=reverse)
    assert shown[len(present) :] == [None] * (len(shown) - len(present))


def test_no_row_is_looked_at_without_a_reason() -> None:
    """A refresh of 100,000 rows costs nothing a row while nobody filters, sorts, marks or has moved the cursor."""
    asked = 0

    def key(row: int) -> int:
        nonlocal asked
        asked += 1
        return row

    rows: Rows[int] = Rows(key)
    rows.replace(range(100_000))
    rows.replace(range(1, 100_001))
    assert asked == 0
    rows.move(5)
    rows.replace(range(1, 100_001))
    assert asked < 10


@pytest.mark.parametrize("reverse", [False, True])
async def test_many_rows_are_sorted_in_slices_as_few_are_at_once(
    monkeypatch: pytest.MonkeyPatch, reverse: bool
) -> None:
    monkeypatch.setattr(ordering, "AT_ONCE", 7)
    monkeypatch.setattr(slices, "SLICE", -1.0)
    shown = [(n, ("B", "a", None, "b", "")[n * n % 11 % 5]) for n in range(52)]

    def order(row: tuple[int, str | None]) -> str | None:
        return row[1]

    found = await ordering.ordered_in_slices(shown, order, reverse=reverse)
    assert found == ordering.ordered(shown, order, reverse=reverse)
    assert await ordering.ordered_in_slices([], order, reverse=reverse) == []
