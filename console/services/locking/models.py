"""A lock, as the server tells it."""

from console.row import Row

STRENGTH = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)
"""Lock modes, the weakest first."""


class Lock(Row):
    """What a lock is on; only what its kind has is known."""

    lock_type: str | None
    """relation, tuple, transactionid, advisory, ...; None where nothing is waited for."""
    lock_database: str | None
    """The database it lies in; None for what belongs to none."""
    relation: str | None
    """The table or index, also that of a row; None where it has none, or lies in another database."""
    page: int | None
    """The page of a row."""
    tuple: int | None
    """Its place on the page."""
    transaction: str | None
    """The transaction or virtual transaction whose end is waited for."""
    class_id: int | None
    """The catalogue of another object; of an advisory key of two numbers the first."""
    object_id: int | None
    """The object's number."""


class Held(Lock):
    """A lock that somebody has, or waits for."""

    granted: bool
    """Whether it has it."""
    mode: str
    """In which mode."""
    waited: float | None
    """Seconds that it has waited; None if it does not, or has only begun to."""
    total: int
    """How many such locks there are in all."""
