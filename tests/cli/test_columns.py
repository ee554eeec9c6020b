"""Which columns a width shows, and how they share it."""

from hypothesis import given
from hypothesis import strategies as st

from console.cli.columns import GAP, Column, fit, needed
from console.sharing import shares

COLUMNS = st.lists(
    st.tuples(
        st.builds(
            Column,
            title=st.text("t", min_size=1, max_size=9),
            priority=st.integers(1, 5),
            least=st.none() | st.integers(1, 30),
        ),
        st.sampled_from([0, 0, 3, 7, 12, 40, 200]),
    ),
    min_size=1,
    max_size=9,
)


@given(COLUMNS, st.integers(-5, 150))
def test_what_must_be_shown_is_whole_and_the_rest_fits(columns: list[tuple[Column, int]], room: int) -> None:
    described, widths = [column for column, _ in columns], [width for _, width in columns]
    slots = fit(described, widths, room)
    shown = {slot.place: slot.width for slot in slots}
    assert list(shown) == sorted(shown)
    told = {place for place, width in enumerate(widths) if width} or set(range(len(widths)))
    assert shown.keys() <= told
    assert {place for place in told if described[place].priority == 1} <= shown.keys()
    for place, cells in shown.items():
        column, natural = described[place], max(widths[place], len(described[place].title))
        assert cells == natural if column.least is None else min(natural, column.least) <= cells <= natural
    if any(described[place].priority > 1 for place in shown):
        assert needed(shown.values()) <= room


@given(st.integers(-9, 300), st.lists(st.integers(0, 99), min_size=1))
def test_spare_room_is_given_away_and_not_twice(spare: int, wanted: list[int]) -> None:
    given_away = shares(spare, wanted)
    assert all(0 <= got <= want for got, want in zip(given_away, wanted, strict=True))
    assert sum(given_away) <= max(0, spare)
    if sum(wanted) <= spare:
        assert given_away == wanted


def test_a_column_that_says_nothing_gives_its_room_away() -> None:
    columns = [Column("pid"), Column("waits for", 2), Column("client", 3)]
    both = fit(columns, [5, 4, 6], 5 + 9 + 6 + 2 * GAP)
    assert [slot.place for slot in both] == [0, 1, 2]
    assert [slot.place for slot in fit(columns, [5, 0, 6], 200)] == [0, 2]
    assert [slot.place for slot in fit(columns, [0, 4, 6], 200)] == [1, 2]
    assert [slot.place for slot in fit(columns, [0, 0, 0], 200)] == [0, 1, 2]
