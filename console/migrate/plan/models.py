"""What the catalogue knows of the relations that a plan is about."""

from datetime import datetime

from console.row import Row


class Facts(Row):
    """What the catalogue knows of a relation that a plan is about."""

    wanted: str
    """As the statement names it."""
    name: str
    """As it is, quoted where it must be."""
    kind: str
    """pg_class.relkind: r, p, v, m, f."""
    rows: float
    """Estimated, children counted; 0 where nothing was ever counted and nothing is stored."""
    in_default: float
    """Of them, estimated, those in its own DEFAULT partition; 0 where it has none."""
    bytes: int | None
    """On disk with indexes and children; None of a view."""
    moment: str | None
    """Its column that says when a row was made, quoted where it must be."""
    columns: list[str]
    """Its columns."""
    family: list[int]
    """Its oid and those of its children."""
    within: list[str]
    """Those of the plan's relations, as they are named, that it is a child of."""
    row_security: bool
    """Whether rows are hidden from some."""


class HeldTable(Row):
    """A table under legal hold."""

    table: str
    """Schema and name."""
    hold: str
    """What the hold is called."""
    by: str
    """Who placed it."""


class BackedUp(Row):
    """A proved backup, as the ledger tells of it."""

    at: datetime
    """When it was complete."""
    directory: str | None
    """Its folder."""


class Taken(Row):
    """Something that CASCADE takes with something else."""

    number: int
    """With which of the objects that were asked about, from 1."""
    kind: str
    """table, view, materialized view, foreign table, column, policy, rows; else as PostgreSQL calls it."""
    relation: str
    """The relation, or what else it is, quoted where it must be."""
    part: str | None
    """Its column or policy; of rows, what happens to them."""
