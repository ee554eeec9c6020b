"""Continuous aggregates and materialized views: how far behind each is, and what waits to be refreshed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.db.database import Database
from console.db.pipeline import Request
from console.db.query import Query
from console.services.capabilities import Ability, Capabilities, capabilities
from console.services.storage.aggregate_models import Continuous, Materialized, Refreshed
from console.services.storage.models import Policy, Sums, spelled
from console.services.storage.tables import CHUNK_SUMS, POLICIES, as_of, limit, rows_of

ENDS_OF_TIME: dict[str, object] = {"start": -200_000_000_000_000_000, "end": 9_000_000_000_000_000_000}
"""Microseconds beyond which a watermark or a range is a sentinel: never materialized, or without an end."""

CONTINUOUS = Request(Query(__package__, "aggregates"), Continuous, ENDS_OF_TIME)
VIEWS = Request(Query(__package__, "views"), Materialized)
REFRESHES = Request(Query(__package__, "refreshes"), Refreshed)

EVENTS = "emr_console.event"
"""Where this console writes down what it refreshed."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate of either kind."""

    schema: str
    """The schema of its view."""
    name: str
    """The name of its view."""
    continuous: Continuous | None = None
    """What TimescaleDB says of it; None for a materialized view."""
    view: Materialized | None = None
    """What PostgreSQL says of a materialized view."""
    lag: float | None = None
    """Seconds since the watermark, or since the last refresh; None where neither is known."""
    last_refresh: datetime | None = None
    """When it was last refreshed by its policy, or by this console; None where nobody knows."""
    bytes: int | None = None
    """What it takes, indexes, TOAST and maps among it, as of the last ANALYZE."""
    conflict: str = ""
    """How the retention of its raw rows and its refreshes destroy what it holds; empty where they do not."""

    @property
    def label(self) -> str:
        """As a person writes it."""
        return spelled(self.schema, self.name)

    @property
    def allowed(self) -> float | None:
        """Seconds by which it may be behind when all is well; None without a policy by time.

        A policy that has just run leaves its end offset and the bucket that is still filling, and it runs again only
        after its interval.
        """
        c = self.continuous
        if c is None or c.end_offset is None or c.every is None:
            return None
        return c.end_offset + 2 * c.every + (c.bucket or 0.0)

    @property
    def late(self) -> bool:
        """Whether it is further behind than its policy explains."""
        return self.lag is not None and self.allowed is not None and self.lag > self.allowed

    def as_json(self) -> dict[str, Any]:
        """The row as --json spells it."""
        c, v = self.continuous, self.view
        return {
            "view": self.label,
            "kind": "continuous" if c else "materialized",
            "watermark": c.mark if c else None,
            "lag": self.lag,
            "allowed_lag": self.allowed,
            "realtime": c.realtime if c else False,
            "pending_ranges": c.pending if c else None,
            "orphan_ranges": c.orphans if c else None,
            "last_refresh": self.last_refresh,
            "next_refresh": c.next_start if c else None,
            "policies": c.policies if c else 0,
            "populated": v.populated if v else None,
            "bytes": self.bytes,
            "conflict": self.conflict or None,
        }


@dataclass(frozen=True, slots=True)
class Aggregates:
    """All of them at one moment."""

    as_of: datetime
    """When, by the server's clock."""
    aggregates: Sequence[Aggregate]
    """By name."""
    missing: Sequence[str] = ()
    """What cannot be told here, and why, in sentences."""


async def read_aggregates(db: Database) -> Aggregates:
    """All aggregates, from catalogues alone."""
    able = await capabilities(db)
    asked: list[Request[Any]] = [VIEWS]
    if able.has(Ability.AGGREGATES):
        asked.append(CONTINUOUS)
        asked += [CHUNK_SUMS] if able.has(Ability.HYPERTABLES) else []
        asked += [POLICIES] if able.has(Ability.POLICIES) else []
    if able.readable(EVENTS):
        asked.append(REFRESHES)
    answers = await db.pipeline(*asked)
    now, refreshed = as_of(answers), by_view(rows_of(answers, asked, REFRESHES))
    sums, rules = rows_of(answers, asked, CHUNK_SUMS), rows_of(answers, asked, POLICIES)
    found = [viewed(view, refreshed, now) for view in answers.rows(VIEWS)]
    found += [continued(each, sums, rules, now) for each in rows_of(answers, asked, CONTINUOUS)]
    return Aggregates(now, sorted(found, key=lambda each: (each.schema != "public", each.label)), lacking(able))


def lacking(able: Capabilities) -> list[str]:
    """What a licence or a right keeps from being told; of a database without TimescaleDB nothing is expected."""
    said = "" if able.flavour == "plain" else able.missing(Ability.AGGREGATES)
    return [said] if said else []


def by_view(refreshes: Iterable[Refreshed]) -> dict[str, datetime]:
    """When each view was last refreshed, by its schema and name."""
    return {each.target: each.at for each in refreshes if each.target}


def viewed(view: Materialized, refreshed: Mapping[str, datetime], now: datetime) -> Aggregate:
    """A materialized view."""
    at = refreshed.get(f"{view.schema_name}.{view.view_name}")
    lag = (now - at).total_seconds() if at else None
    return Aggregate(view.schema_name, view.view_name, view=view, lag=lag, last_refresh=at, bytes=view.bytes)


def continued(each: Continuous, sums: Iterable[Sums], policies: Iterable[Policy], now: datetime) -> Aggregate:
    """A continuous aggregate."""
    mine = next((found for found in sums if found.parent == each.parent), None)
    drop = next((rule for rule in policies if rule.drops and rule.parent == each.raw_parent), None)
    return Aggregate(
        each.schema_name,
        each.view_name,
        each,
        lag=(now - each.watermark).total_seconds() if each.watermark else None,
        last_refresh=each.last_success,
        bytes=mine.heap_bytes + each.beside if mine and mine.heap_bytes is not None else None,
        conflict=conflict(each, limit(drop)),
    )


def conflict(each: Continuous, after: float | int | None) -> str:
    """How refreshes work against a retention that drops raw rows after so long; empty where they do not.

    A refresh of a range whose raw rows are gone takes them out of the aggregate as well.
    """
    reach = each.start_offset if each.start_offset is not None else each.start_number
    if after is None or not each.policies or (not each.unbounded and (reach is None or reach < after)):
        return ""
    back = "to the beginning" if each.unbounded else "as far as rows that are dropped"
    return f"Its refreshes reach back {back}: what retention drops from {each.raw_name} goes from the aggregate, too."
