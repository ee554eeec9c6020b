"""What the server says for a rehearsal."""

from datetime import datetime

from console.row import Row


class Right(Row):
    """Whether our role may make a database."""

    createdb: bool
    """CREATEDB, or a superuser."""
    role: str
    """The role."""


class Composed(Row):
    """A statement that the server has put together, its names and values quoted."""

    statement: str
    """SQL."""


class Scratch(Row):
    """A scratch database that nobody uses any more."""

    name: str
    """The database."""


class Place(Row):
    """Where a session is."""

    database: str
    """The database."""
    empty: bool
    """Whether it holds no table, neither tasks nor any other."""


class Backend(Row):
    """Who makes a scratch database."""

    pid: int
    """The server process."""
    backend_start: datetime
    """When it began."""


class Extension(Row):
    """An extension of the live database."""

    name: str
    """Its name."""
    place: str
    """The schema of its objects."""


class AppliedText(Row):
    """What was run here, as the ledger keeps it."""

    version: str
    """The migration's number."""
    name: str
    """The rest of its name."""
    up_text: str
    """The whole text of its up."""
    up_sha256: str
    """Its hash, which the ledger's events tell, too."""


class Relation(Row):
    """A table before a step begins."""

    oid: int
    """Its identity, which a new name does not change."""
    name: str
    """Its full name; a partition has its table's."""


class Held(Row):
    """A lock of our own session."""

    relation: int
    """On which table."""
    mode: str
    """PostgreSQL's word, such as AccessExclusiveLock."""
