"""How much of the log the walk looks through at once, and what it reads ahead."""

from datetime import timedelta

import pytest

from console.db.database import Database
from console.services.audit import search, walk
from tests.services.audit.logging import ANA, UNTIL, ago, by_hand, event, ids, write
from tests.targets import target


async def test_it_tells_how_far_it_has_looked(pg18_migrated: str) -> None:
    """Windows double: one row a hundred days back takes eight of them, and no other row is asked for twice."""
    write(pg18_migrated, [event(ago(days=100))])
    async with Database(target(pg18_migrated)) as db:
        ready = await search.ready(db, f"since:2025-01-01 {UNTIL}")
        parts = [part async for part in walk.parts_of(db, ready, 5)]
    widths = [(part.searched_to - part.searched_from).days for part in parts]
    assert widths == [1, 2, 4, 8, 16, 32, 64, 128, 182]
    assert [len(part.rows) for part in parts] == [0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert [part.complete for part in parts] == [False] * 8 + [True]


async def test_a_window_behind_a_full_page_is_as_wide_as_two_pages(pg18_migrated: str) -> None:
    """However wide the one was that had to be looked through until there were rows."""
    write(pg18_migrated, (event(ago(days=1000, hours=n)) for n in range(100)))
    async with Database(target(pg18_migrated)) as db:
        ready = await search.ready(db, f"since:all user:{ANA} {UNTIL}")
        page = await walk.page(db, ready, 50)
    assert page.following is not None
    assert timedelta(seconds=page.following.width) == timedelta(hours=98)


async def test_a_window_behind_a_full_page_is_no_wider_than_the_last(pg18_migrated: str) -> None:
    """One row of a page, far behind the others, does not tell how close the next ones are."""
    write(pg18_migrated, [event(at) for at in (*(ago(hours=n) for n in range(49)), ago(days=40), ago(days=41))])
    async with Database(target(pg18_migrated)) as db:
        page = await walk.page(db, await search.ready(db, f"since:all user:{ANA} {UNTIL}"), 50)
    assert page.following is not None
    assert timedelta(seconds=page.following.width) == timedelta(days=60)


async def test_what_is_read_ahead_serves_the_pages_that_follow(pg18_migrated: str) -> None:
    """Of few and scattered rows, from the second page on; whoever goes back finds what he has found before."""
    write(pg18_migrated, (event(ago(hours=n)) for n in range(300)))
    async with Database(target(pg18_migrated)) as db:
        ready = await search.ready(db, f"since:all user:{ANA} {UNTIL}")
        first = await walk.page(db, ready, 50)
        assert ready.ahead is None
        second = await walk.page(db, ready, 50, first.following)
    nowhere = Database(target("host=/nonexistent"))
    third = await walk.page(nowhere, ready, 20, second.following)
    fourth = await walk.page(nowhere, ready, 20, third.following)
    async with Database(target(pg18_migrated)) as db:
        again = await walk.page(db, ready, 90, first.following)
    assert [*second.rows, *third.rows, *fourth.rows] == list(again.rows)
    assert ids([*first.rows, *again.rows]) == by_hand(pg18_migrated, "true")[:140]


async def test_behind_a_slow_window_the_next_is_no_wider(pg18_migrated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person wants to see how far back it has looked, and the server ends a statement after a minute."""
    monkeypatch.setattr(walk, "SLOW", 0.0)
    write(pg18_migrated, [event(ago(days=100))])
    async with Database(target(pg18_migrated)) as db:
        ready = await search.ready(db, f"since:2026-03-10 {UNTIL}")
        parts = [part async for part in walk.parts_of(db, ready, 5)]
    assert [(part.searched_to - part.searched_from).total_seconds() / 3600 for part in parts] == [24, 24, 24, 24, 12]
