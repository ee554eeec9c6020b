"""What the console remembers of its panes by itself."""

import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from console.errors import Unsupported
from console.services.history.recorded import Recorded, asking
from console.services.history.ring import Ring

NIGHT = datetime(2026, 3, 14, 3, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a made-up pane shows."""

    names: Sequence[str]


async def nothing(_: object) -> Rows:
    return Rows([])


PANE = Recorded("sessions", "Sessions", lambda: (Rows, asking(nothing)))


def at(seconds: float) -> datetime:
    return NIGHT + timedelta(seconds=seconds)


def filled(seconds: Sequence[int], *, room: int = 1 << 20, size: int = 10) -> Ring:
    """A ring that has kept one answer at each of these seconds."""
    ring = Ring([PANE], room=room)
    for second in seconds:
        ring.keep("sessions", Rows([f"{second} {n}" for n in range(size)]), at(second))
    return ring


def test_it_gives_back_what_it_was_given() -> None:
    ring = filled(range(0, 300, 2))
    assert list(ring.moments("sessions")) == [at(second) for second in range(0, 300, 2)]
    for second in range(0, 300, 2):
        assert ring.rows("sessions", at(second + 1)) == Rows([f"{second} {n}" for n in range(10)])


def test_it_forgets_what_is_older_than_ten_minutes() -> None:
    assert filled([0, 1, 700, 701]).moments("sessions") == [at(700), at(701)]


def test_it_forgets_what_has_no_room() -> None:
    ring = filled(range(500), room=20_000, size=100)
    assert 20 < len(ring.moments("sessions")) < 450
    assert ring.rows("sessions", at(499)) == Rows([f"499 {n}" for n in range(100)])


def test_an_answer_that_has_no_room_is_not_kept() -> None:
    ring = filled([0, 2], room=2_000, size=1_000)
    assert ring.moments("sessions") == []
    ring.keep("sessions", Rows(["few"]), at(4))
    assert ring.rows("sessions", at(4)) == Rows(["few"])


def test_what_is_kept_takes_no_more_memory_than_its_bytes() -> None:
    ring = filled([0], size=50_000)
    tracemalloc.start()
    try:
        ring.keep("sessions", Rows([f"0 {n}" for n in range(50_000)]), at(2))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < 20_000


def test_what_was_not_on_screen_is_not_known() -> None:
    ring = filled([0, 2, 200])
    ring.keep("patients", Rows(["Doe"]), at(0))
    assert ring.moments("patients") == []
    for pane, second in (("sessions", 100), ("sessions", -1), ("patients", 0)):
        with pytest.raises(Unsupported):
            ring.rows(pane, at(second))
