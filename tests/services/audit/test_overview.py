"""Histogram, facets and the exact number equal plain statements over the same rows."""

from datetime import datetime
from uuid import UUID

from console.db.database import Database
from console.services.audit import overview, search
from tests.migrate.working import ask
from tests.services.audit.logging import ANA, BEN, ago, event, users, write
from tests.targets import target

SPAN = "since:2026-03-01 until:2026-03-14T12:00"


async def test_they_equal_plain_statements(pg18_migrated: str) -> None:
    users(pg18_migrated, ana=ANA)
    write(pg18_migrated, (
        event(ago(hours=5 * n), user_id=[ANA, BEN][n % 3 == 0], action=["VIEW", "UPDATE"][n % 4 == 0],
              emr_system=["EPIC", None][n % 5 == 0], entity_type=f"KIND {n % 25}")
        for n in range(120)
    ))  # fmt: skip
    inside = "created_at between '2026-03-01 00:00+00' and '2026-03-14 12:00+00'"
    async with Database(target(pg18_migrated)) as db:
        ready = await search.ready(db, SPAN)
        wide, bars = await overview.histogram(db, ready, 60)
        back: list[datetime] = []
        facets = await overview.facets(db, ready, back.append)
        counted = await overview.exact(db, await search.ready(db, f"user:ana {SPAN}"))
    assert [f"{each:%m-%d %H}" for each in back] == ["03-07 12", "03-01 00"], "a window at a time"
    assert wide.total_seconds() == 21_600
    assert (
        sum(bar.events for bar in bars) == ask(pg18_migrated, f"select count(*) from audit_logs where {inside}")[0][0]
    )
    steps = (
        "select date_bin('6 hours', created_at, '2026-03-14 12:00+00'), count(*),"
        f" count(*) filter (where action = 'UPDATE') from audit_logs where {inside} group by 1 order by 1"
    )
    assert [(bar.at, bar.events, bar.changes) for bar in bars] == ask(pg18_migrated, steps)
    for facet, column in {"user": "user_id::text", "action": "action", "entity": "entity_type", "system": "emr_system",
                          "hour": "extract(hour from created_at)::int::text"}.items():  # fmt: skip
        plain = f"select {column}, count(*) from audit_logs where {inside} group by 1 order by 2 desc limit 20"
        found = [each for each in facets if each.facet == facet]
        assert [each.events for each in found] == [count for _, count in ask(pg18_migrated, plain)]
        known = dict(ask(pg18_migrated, plain.replace(" limit 20", "")))
        assert all(known[each.value] == each.events for each in found)
    assert ready.users == {ANA: "ana"}
    assert counted == ask(pg18_migrated, f"select count(*) from audit_logs where {inside} and user_id = '{ANA}'")[0][0]


async def test_nothing_found(pg18_migrated: str) -> None:
    async with Database(target(pg18_migrated)) as db:
        ready = await search.ready(db, f"since:all session:{UUID(int=5)}")
        assert (await overview.histogram(db, ready, 60))[1] == []
        assert await overview.facets(db, ready) == []
        assert await overview.exact(db, ready) == 0
