"""Tables as the server counts them, and as a person thinks of them: a tree is one table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from console.row import Row

KINDS = {"r": "table", "p": "partitioned", "m": "materialized"}
"""What pg_class calls them, in words."""


class Relation(Row):
    """One row of tables.sql: a table with all its parts."""

    oid: int
    """The table at the root."""
    schema_name: str
    """Its schema."""
    name: str
    """Its name."""
    relkind: str
    """r, p or m."""
    parts: int
    """Partitions or chunks that hold rows."""
    bytes: int
    """On disk, indexes and TOAST among them, as of the last VACUUM or ANALYZE."""
    index_bytes: int
    """Of these, indexes."""
    unmeasured: int
    """Parts that have rows and were never looked at by VACUUM or ANALYZE, so that their bytes are not among these."""
    rows: float
    """As the planner knows them."""
    live_rows: int
    """As the counters know them; they begin at zero when they are reset."""
    dead_rows: int
    """Rows that VACUUM has not yet cleaned up."""
    overdue_share: float | None
    """The share of dead rows, 0 to 1, in the worst of its parts that have more than they should; None: none has."""
    changed_rows: int
    """Rows that were changed since the last ANALYZE."""
    seq_scans: int
    """How often it was read from one end to the other, its parts counted singly."""
    index_scans: int | None
    """How often one of its indexes was used; None where it has none."""
    vacuumed: datetime | None
    """When some part of it was last vacuumed."""
    analyzed: datetime | None
    """When some part of it was last analysed."""
    vacuum_age: float | None
    """Seconds since it was vacuumed."""
    analyze_age: float | None
    """Seconds since it was analysed."""


class Hypertable(Row):
    """What TimescaleDB knows of a table."""

    oid: int
    """The hypertable."""
    compressed: int | None
    """The table that stands for its compressed chunks; None where there are none."""
    view_schema: str | None
    """The schema of the continuous aggregate whose rows it holds; None where it is not such a one."""
    view_name: str | None
    """Its name."""
    compressed_rows: float
    """Rows in compressed chunks, which the planner does not count."""


class Measured(Row):
    """What a table really takes."""

    oid: int
    """The table at the root."""
    bytes: int
    """On disk, indexes and TOAST among them."""


class Detail(Row):
    """What is told of a table only when it is opened."""

    table_size: str
    """Its rows and TOAST on disk, in words; of a table with parts only the root's."""
    index_size: str
    """Its indexes on disk."""
    inserted: int | None
    """Rows, since the counters began; None where nothing is counted."""
    updated: int | None
    """Likewise."""
    updated_in_place: int | None
    """Of these, without a new entry in any index (HOT)."""
    deleted: int | None
    """Likewise."""
    vacuums: int | None
    """How often it was vacuumed."""
    analyzes: int | None
    """How often it was analysed."""
    frozen_age: int
    """Transactions since its oldest row that is not frozen."""
    options: list[str] | None
    """Its own settings, such as for autovacuum."""
    comment: str | None
    """What COMMENT ON TABLE says."""
    indexes: int
    """How many it has."""
    referenced_by: int
    """Foreign keys that point to it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with all its parts."""

    relation: Relation
    """What the server counts."""
    kind: str
    """table, partitioned, hypertable, aggregate or materialized."""
    level: str = "ok"
    """Whether vacuum keeps up with it: ok, warn or crit, as --json spells it."""
    exact: int | None = None
    """Bytes that were measured on request; None where they were not."""

    @property
    def label(self) -> str:
        """Its name, and its schema where that is not public."""
        schema, name = self.relation.schema_name, self.relation.name
        return name if schema == "public" else f"{schema}.{name}"

    @property
    def bytes(self) -> int:
        """Its size, as well as it is known."""
        return self.relation.bytes if self.exact is None else self.exact

    @property
    def dead_share(self) -> float | None:
        """Of its rows, those that are dead, 0 to 1, or of its worst part if that has too many; None: not counted."""
        if self.level != "ok":
            return self.relation.overdue_share
        counted = self.relation.live_rows + self.relation.dead_rows
        return self.relation.dead_rows / counted if counted else None

    def as_json(self) -> dict[str, object]:
        """The row as `emr-console tables --json` spells it."""
        row = self.relation
        return {
            "schema": row.schema_name,
            "table": row.name,
            "kind": self.kind,
            "parts": row.parts,
            "bytes": self.bytes,
            "approximate": self.exact is None,
            "index_bytes": row.index_bytes,
            "rows": round(row.rows),
            "dead_rows": row.dead_rows,
            "level": self.level,
            "changed_rows": row.changed_rows,
            "seq_scans": row.seq_scans,
            "index_scans": row.index_scans,
            "last_vacuum": row.vacuumed,
            "last_analyze": row.analyzed,
        }


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables at one moment."""

    as_of: datetime
    """When it was, by the server's clock."""
    tables: Sequence[Table]
    """The largest first."""
    cut: bool = False
    """Whether there are more than were asked for."""
    note: str = ""
    """What could not be told, and why."""

    @property
    def remark(self) -> str:
        """That, and that there are more; empty if nothing."""
        more = f"These are the {len(self.tables):,} largest; there are more." if self.cut else ""
        return " ".join(said for said in (self.note, more) if said)


def folded(relations: Iterable[Relation], hypertables: Iterable[Hypertable]) -> list[Table]:
    """Tables as a person knows them: compressed chunks with their hypertable, an aggregate by the name of its view.

    >>> plain = dict.fromkeys(Relation.model_fields, 0) | {"schema_name": "public", "relkind": "r", "index_scans": None}
    >>> made = lambda oid, name, **known: Relation.model_construct(**{**plain, "oid": oid, "name": name, **known})
    >>> rows = [made(1, "logs", bytes=8, rows=10.0), made(2, "_compressed_hypertable_2", bytes=3), made(4, "tasks")]
    >>> known = Hypertable(oid=1, compressed=2, view_schema=None, view_name=None, compressed_rows=90)
    >>> [(t.label, t.kind, t.bytes, t.relation.rows) for t in folded(rows, [known])]
    [('logs', 'hypertable', 11, 100.0), ('tasks', 'table', 0, 0)]
    """
    known = {each.oid: each for each in hypertables}
    compressed = {each.compressed for each in known.values()}
    by_oid = {row.oid: row for row in relations}
    tables = [_table(row, known.get(oid), by_oid) for oid, row in by_oid.items() if oid not in compressed]
    return sorted(tables, key=lambda table: -table.bytes)


def measured(tables: Iterable[Table], sizes: Mapping[int, int]) -> list[Table]:
    """The same tables with the sizes that were measured, the largest first; they keep what no one has measured."""
    return sorted(
        (replace(table, exact=sizes.get(table.relation.oid)) for table in tables), key=lambda table: -table.bytes
    )


def _table(row: Relation, known: Hypertable | None, by_oid: Mapping[int, Relation]) -> Table:
    if known is None:
        return Table(row, KINDS.get(row.relkind, row.relkind))
    changed: dict[str, object] = {"rows": row.rows + known.compressed_rows}
    store = by_oid.get(known.compressed or 0)
    if store is not None:
        changed |= {name: getattr(row, name) + getattr(store, name) for name in ("bytes", "index_bytes", "unmeasured")}
    if known.view_name is not None:
        changed |= {"schema_name": known.view_schema, "name": known.view_name}
    return Table(row.model_copy(update=changed), "aggregate" if known.view_name else "hypertable")
