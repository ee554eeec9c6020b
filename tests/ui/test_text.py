"""What may go on a terminal: properties of every text."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.ui.terminal import in_ascii
from console.ui.text import BLOCK_LIMIT, CELL_LIMIT, age, bytes_text, duration, fit, rate, sanitise
from tests.ui.sample import HOSTILE

ANY = st.text(st.characters())
"""Any text, surrogates too."""

STRANGE = st.text(
    st.one_of(
        st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs", "Mn", "Me", "Lm", "Sk"]),
        st.sampled_from(
            "\x1b\x9b\u202e\u2066\u200b\u200d\ufe0f\u034f\u115f\u3164\u2800\U000e0041\U0001f3fd\ud800e東👨"
        ),
    )
)
"""Texts of what is not drawn, or drawn in a way of its own."""

EITHER = st.one_of(ANY, STRANGE)


@given(EITHER)
def test_a_cell_holds_only_what_is_drawn(text: str) -> None:
    safe = sanitise(text)
    assert safe.isprintable()
    assert not any(
        unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"} for c in safe if c != " "
    )


@given(EITHER)
def test_a_block_holds_only_that_and_line_breaks(text: str) -> None:
    assert all(line.isprintable() for line in sanitise(text, lines=True).split("\n"))


@given(EITHER)
def test_the_width_is_that_of_the_characters(text: str) -> None:
    """No cluster, no joiner: a terminal that knows fewer of them than we do counts the same."""
    safe = sanitise(text)
    assert cell_len(safe) == sum(map(cell_len, safe))


@given(EITHER)
def test_marks_stay_with_their_letter_and_are_few(text: str) -> None:
    run = 3
    for character in sanitise(text):
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        assert run <= 3


@given(EITHER)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    safe = sanitise(text)
    assert sanitise(safe) == safe


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=CELL_LIMIT))
def test_ascii_is_untouched(text: str) -> None:
    assert sanitise(text) == sanitise(text, lines=True) == text


def test_letters_of_every_script_are_untouched() -> None:
    assert sanitise(text := "Žofie Øst Ñandú Ελένη Дарья 東京 한국 नेहा שרה e\u0301") == text


def test_the_hostile_sample_is_spelled_out() -> None:
    assert sanitise(HOSTILE) == (
        r"\x1b]52;c;aGk=\x07 [/] [@click=app.quit]x \u202eevil\x9b31m\u200b"
        "⏎" + r"\U000e0041\ud800" + "⇥tab⏎line"
    )


def test_a_long_text_is_cut_before_it_is_looked_at() -> None:
    assert len(sanitise("\x1b" * 1_000_000)) == 4 * CELL_LIMIT + 1
    assert len(sanitise("\x1b" * 1_000_000, lines=True)) == 4 * BLOCK_LIMIT + 1
    assert sanitise("abc" * 1_000_000, limit=5) == "abcab…"


@given(EITHER, st.integers(0, 40), st.booleans())
def test_fit_fills_exactly_its_cells(text: str, width: int, right: bool) -> None:
    assert cell_len(fit(sanitise(text), width, right=right)) == width


@given(EITHER)
def test_ascii_is_as_wide_as_what_it_stands_for(text: str) -> None:
    safe = sanitise(text)
    assert in_ascii(safe).isascii()
    assert len(in_ascii(safe)) == cell_len(safe)


@given(st.floats(0, 9e8))
def test_numbers_stay_within_their_columns(number: float) -> None:
    assert len(age(number)) <= 6
    assert len(bytes_text(number)) <= 7
    assert len(rate(number)) <= 7


@given(st.floats(0, 30 * 86_400))
def test_durations_stay_within_nine_cells(seconds: float) -> None:
    assert len(duration(seconds)) <= 9
