"""Indexes as the server counts them, and what can be said of each beside the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from console.row import Definition, Row, mask


class Catalogued(Row):
    """One row of indexes.sql: an index with all its parts."""

    oid: int
    """The index at the root."""
    schema_name: str
    """Its table's schema."""
    table_name: str
    """Its table."""
    name: str
    """Its name."""
    quoted: str
    """Its name with its schema, as SQL has to spell it."""
    parts: int
    """Indexes of partitions or chunks."""
    rooted: bool
    """Whether its table is partitioned or a hypertable, so that it cannot be dropped or built concurrently."""
    bytes: int
    """On disk, as of the last VACUUM or ANALYZE."""
    scans: int
    """How often it was used on this server since the counters began."""
    broken: int
    """Parts, or itself, that no reader may use."""
    builder: int | None
    """The pid that is building it; None where nobody is."""
    is_unique: bool
    """Whether it keeps values from being there twice."""
    is_primary: bool
    """Whether it is the primary key's."""
    identifies: bool
    """Whether logical replication finds rows by it."""
    constraint_name: str | None
    """The constraint that stands or falls with it."""
    method: str
    """btree, gin, brin, ..."""
    keys: list[Definition]
    """Its columns, each with operator class, collation and order."""
    included: list[Definition]
    """Columns that it only carries."""
    predicate: Definition | None
    """Which rows it has; None: all."""
    definition: Definition | None
    """The statement that made it; None, and its columns unknown, while its table is locked exclusively."""
    tablespace: str | None
    """Where it lies; None: where the database does."""
    quoted_comment: Definition | None
    """What COMMENT ON INDEX says, as SQL has to spell it."""


class Measured(Row):
    """What an index really takes."""

    oid: int
    """The index at the root."""
    bytes: int
    """On disk."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index with all its parts, and how it stands beside the others."""

    row: Catalogued
    """What the server tells."""
    duplicate_of: str | None = None
    """Another index of its table that does exactly the same."""
    covered_by: str | None = None
    """Another index of its table that begins with all its columns, so that it can serve in its place."""
    exact: int | None = None
    """Bytes that were measured on request; None where they were not."""

    @property
    def table(self) -> str:
        """Its table's name, and its schema where that is not public."""
        schema, name = self.row.schema_name, self.row.table_name
        return name if schema == "public" else f"{schema}.{name}"

    @property
    def bytes(self) -> int:
        """Its size, as well as it is known."""
        return self.row.bytes if self.exact is None else self.exact

    @property
    def guards(self) -> bool:
        """Whether it is there for more than to be read: it keeps rows unique, or replication needs it."""
        return self.row.is_unique or self.row.identifies or self.row.constraint_name is not None

    @property
    def invalid(self) -> bool:
        """Whether a failed build left it, or a part of it, behind."""
        return self.row.broken > 0 and self.row.builder is None

    @property
    def unused(self) -> bool:
        """Whether nobody has read it since the counters began, and nothing else needs it."""
        return self.row.scans == 0 and not self.guards and self.row.builder is None

    @property
    def spare(self) -> bool:
        """Whether there is a reason to do without it."""
        return not self.guards and (self.invalid or self.unused or bool(self.duplicate_of or self.covered_by))

    @property
    def finding(self) -> str | None:
        """Why somebody should look at it, in a few words; None where there is nothing."""
        if self.row.builder is not None:
            return f"pid {self.row.builder} builds it"
        if self.invalid:
            return "invalid"
        if self.duplicate_of:
            return f"same as {self.duplicate_of}"
        if self.covered_by:
            return f"covered by {self.covered_by}"
        return "unused" if self.unused else None

    @property
    def drop(self) -> str | None:
        """The statement that would drop it; None where something else stands on it, or where no undo is known."""
        if self.row.definition is None or (self.guards and not self.duplicate_of):
            return None
        return None if self.row.constraint_name else f"DROP INDEX {self._concurrently}{self.row.quoted};"

    @property
    def undo(self) -> str | None:
        """The statements that would make it again; None where nobody may read now what it is made of."""
        made = self.row.definition
        if made is None:
            return None
        made = made.replace(" ON ONLY ", " ON ", 1) if self.row.rooted else made
        place = self.row.tablespace
        lines = [f'SET default_tablespace = "{place}";'] if place else []
        lines.append(made.replace(" INDEX ", f" INDEX {self._concurrently}", 1) + ";")
        lines += ["RESET default_tablespace;"] if place else []
        if self.row.quoted_comment:
            lines.append(f"COMMENT ON INDEX {self.row.quoted} IS {self.row.quoted_comment};")
        return "\n".join(lines)

    @property
    def rebuild(self) -> str:
        """The statement that builds it anew while others read and write."""
        return f"REINDEX INDEX CONCURRENTLY {self.row.quoted};"

    @property
    def _concurrently(self) -> str:
        return "" if self.row.rooted else "CONCURRENTLY "

    def as_json(self) -> dict[str, object]:
        """The row as `emr-console indexes --json` spells it; constants of its SQL are masked."""
        row = self.row
        reason = self.spare or bool(self.duplicate_of)
        return {
            "schema": row.schema_name,
            "table": row.table_name,
            "index": row.name,
            "parts": row.parts,
            "bytes": self.bytes,
            "approximate": self.exact is None,
            "scans": row.scans,
            "unique": row.is_unique,
            "primary": row.is_primary,
            "constraint": row.constraint_name,
            "invalid": self.invalid,
            "building": row.builder is not None,
            "unused": self.unused,
            "duplicate_of": self.duplicate_of,
            "covered_by": self.covered_by,
            "definition": mask(row.definition) if row.definition else None,
            "drop": self.drop if reason else None,
            "undo": mask(self.undo) if reason and self.undo else None,
        }


@dataclass(frozen=True, slots=True)
class Indexes:
    """The indexes at one moment."""

    as_of: datetime
    """When it was, by the server's clock."""
    indexes: Sequence[Index]
    """Those that somebody should look at first, then the largest."""
    counted_since: datetime | None
    """When the counters were last reset; None if never."""
    in_recovery: bool
    """Whether this is a standby, which counts only what is read from it."""
    cut: bool = False
    """Whether there are more than were asked for."""

    @property
    def locked(self) -> list[str]:
        """Tables that are locked exclusively, so that what their indexes are made of is not known."""
        return sorted({index.table for index in self.indexes if index.row.definition is None})

    @property
    def remark(self) -> str:
        """What is not told, and what the counters mean; empty if nothing."""
        more = f"These are the {len(self.indexes):,} largest; there are more." if self.cut else ""
        here = "This is a standby: it counts only what was read from it." if self.in_recovery else ""
        return " ".join(said for said in (locked_text(self.locked), here, more) if said)


def locked_text(tables: Sequence[str]) -> str:
    """Whose indexes are listed without what they are made of.

    >>> locked_text(["orders"]), locked_text(["lab.orders", "people", "visits"]), locked_text([])
    ('orders is locked exclusively, so that it is not known what its indexes are made of.', \
'lab.orders and 2 more tables are locked exclusively, so that it is not known what their indexes are made of.', '')
    """
    if len(tables) > 1:
        who, whose = f"{tables[0]} and {len(tables) - 1:,} more table{'s' if len(tables) > 2 else ''} are", "their"
    else:
        who, whose = f"{''.join(tables)} is", "its"
    return f"{who} locked exclusively, so that it is not known what {whose} indexes are made of." if tables else ""


def measured(indexes: Iterable[Index], sizes: Mapping[int, int]) -> list[Index]:
    """The same indexes with the sizes that were measured."""
    return [replace(index, exact=sizes.get(index.row.oid)) for index in indexes]
