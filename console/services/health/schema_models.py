"""What the checks of tables, indexes and audit rows read."""

from datetime import datetime

from console.row import Row


class DeadRows(Row):
    """A table that vacuum does not keep up with."""

    table: str
    """Schema and name."""
    dead: int
    """Rows that nobody sees any more."""
    share: float
    """Of all that are there, 0 to 1; both are estimates."""
    vacuumed: datetime | None
    """When it was last cleaned; None if never since the counters began."""


class Index(Row):
    """An index that is broken."""

    index: str
    """Schema and name."""
    table: str
    """Of which table."""


class Lacking(Row):
    """A chunk that has fewer indexes than its hypertable."""

    chunk: str
    """Schema and name."""
    table: str
    """Its hypertable."""


class UnusedIndex(Index):
    """An index that nobody uses."""

    bytes: int
    """Its size at the last ANALYZE or VACUUM."""


class Numbers(Row):
    """A sequence."""

    name: str
    """Schema and name, quoted where they must be."""
    share: float
    """Percent of its numbers that are used up."""


class Relations(Row):
    """Tables, indexes and sequences that need somebody."""

    dead_tables: int
    """Tables that vacuum does not keep up with."""
    dead: list[DeadRows]
    """The worst of them."""
    broken: list[Index]
    """Indexes that cost every write and help no reader."""
    lacking: list[Lacking]
    """Chunks without an index that their hypertable has."""
    unused_indexes: int
    """Large indexes that nobody has used since the counters began."""
    unused_bytes: int
    """Their size."""
    unused: list[UnusedIndex]
    """The largest of them."""
    sequences: list[Numbers]
    """Those that are nearest to their end."""
    hidden_sequences: int
    """Sequences that our role may not read."""
    hidden_in: list[str]
    """The schemas in which these are, as SQL spells them."""
    divided: str | None
    """The table of which an unbounded query takes the most locks; None where no table is divided."""
    divided_locks: int
    """How many these are: each chunk or partition and each of its indexes takes one."""
    lock_slots: int
    """Locks that the server has room for."""
    lock_sharers: int
    """Transactions that share them."""
    history_bytes: int
    """What TimescaleDB's own history of jobs takes, without indexes."""


class AuditTable(Row):
    """One of the audit tables."""

    table: str
    """Its name, in schema public."""
    owner: str
    """The role that it belongs to."""
    owner_signs_in: bool
    """Whether somebody can be that role, who may then change every row."""


class Right(Row):
    """A right on audit rows."""

    relation: str
    """The table, partition or chunk."""
    grantee: str
    """Who has it."""
    privileges: str
    """Which."""


class ForeignTrigger(Row):
    """A trigger on audit rows that runs what a stranger may change."""

    relation: str
    """The table, partition or chunk."""
    trigger: str
    """Its name there."""
    owner: str
    """Whose function it is."""


class Audit(Row):
    """Whether audit rows can only grow."""

    tables: list[AuditTable]
    """The tables that are there."""
    relations: int
    """With all their partitions and chunks."""
    unguarded: list[str]
    """Those of which rows could be changed: the trigger that refuses it is missing or off."""
    writable: list[Right]
    """Who could do it, or has another right that is of no use but to get in the way."""
    foreign: list[ForeignTrigger]
    """Triggers that could swallow a row."""
    beside: list[Right]
    """Who may read a partition or chunk, and not its table: whatever guards the table's rows is passed by."""
