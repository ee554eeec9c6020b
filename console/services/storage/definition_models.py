"""Definitions and exact sizes as the server tells them."""

from console.row import Row


class Size(Row):
    """What one chunk or partition really takes."""

    oid: int
    """The server's number of it."""
    bytes: int | None
    """All its files."""
    hidden: bool
    """Whether row security hides rows of it from our role."""


class Piece(Row):
    """One piece of a definition."""

    kind: str
    """head, column, constraint, tail, index or trigger."""
    text: str
    """As SQL spells it."""


class Setting(Row):
    """What one column means to the compression of a hypertable."""

    column: str
    """Its name."""
    segment: int | None
    """Its place among those that part the batches."""
    order: int | None
    """Its place among those that sort the rows in them."""
    ascending: bool
    """Whether it sorts upwards."""
    nulls_first: bool
    """Whether rows without it come first."""
