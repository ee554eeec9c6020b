"""What a statement costs the server, by EXPLAIN (ANALYZE, BUFFERS): time, parts of a table, locks, pages."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import psycopg

from console.db.database import LANES
from console.db.query import Query

EXPLAIN = "explain (analyze, buffers, timing off, format json) "
LOCKS = """select count(*) from pg_locks
    where coalesce(pid, 0) = pg_backend_pid() and locktype = 'relation'
      and relation <> 'pg_catalog.pg_locks'::regclass"""
LANE = {name: value for name, value in LANES["query"].items() if not name.endswith("_timeout")}
LONG = 5.0
"""Seconds after which nothing is run again."""

Asked = tuple[Query, Mapping[str, object]]
"""A statement and its values."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One statement, or several one after the other."""

    ms: float = 0.0
    """Planning and executing."""
    statements: int = 0
    """How many."""
    planned: int = 0
    """Partitions or chunks in the plans, each in each."""
    read: int = 0
    """Those of them that were looked into."""
    locks: int = 0
    """The most that one statement held at once, on tables and indexes."""
    blocks: int = 0
    """Blocks of 8 KB that were looked at."""
    rows: int = 0
    """Rows that came."""

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.ms + other.ms,
            self.statements + other.statements,
            self.planned + other.planned,
            self.read + other.read,
            max(self.locks, other.locks),
            self.blocks + other.blocks,
            self.rows + other.rows,
        )


class Server:
    """Asks as the console's query lane does."""

    def __init__(self, connection: psycopg.Connection, times: int) -> None:
        self._connection = connection
        self._times = times
        for name, value in LANE.items():
            connection.execute("select set_config(%s, %s, false)", (name, value))
        connection.commit()

    def cost(self, asked: Asked) -> Cost:
        """The best of several runs, or of fewer where one takes long."""
        best, began = self._once(asked), perf_counter()
        for _ in range(self._times - 1):
            if perf_counter() - began < LONG:
                best = min(best, self._once(asked), key=lambda cost: cost.ms)
        return best

    def total(self, asked: list[Asked]) -> Cost:
        """All of them together."""
        return sum((self.cost(each) for each in asked), Cost())

    def _once(self, asked: Asked) -> Cost:
        query, values = asked
        with self._connection.transaction(force_rollback=True):
            answer = self._connection.execute((EXPLAIN + query.text(18)).encode(), values).fetchone()
            locks = self._connection.execute(LOCKS).fetchone()
        assert answer is not None
        assert locks is not None
        (whole,) = json.loads(answer[0]) if isinstance(answer[0], str) else answer[0]
        parts = list(_parts(whole["Plan"]))
        return Cost(
            whole["Planning Time"] + whole["Execution Time"],
            1,
            len({name for name, _ in parts}),
            len({name for name, looked in parts if looked}),
            locks[0],
            whole["Plan"]["Shared Hit Blocks"] + whole["Plan"]["Shared Read Blocks"],
            whole["Plan"]["Actual Rows"],
        )


def _parts(node: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Each partition or chunk of a plan, and whether it was looked into."""
    name = node.get("Relation Name", "")
    if name.startswith(("audit_logs_", "_hyper_", "compress_hyper_")):
        yield name, node["Actual Loops"] > 0
    for child in node.get("Plans", ()):
        yield from _parts(child)
