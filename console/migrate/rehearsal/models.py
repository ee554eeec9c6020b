"""What the server says for a rehearsal."""

from datetime import datetime

from pydantic import BaseModel


class Right(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """Whether our role may make a database."""

    createdb: bool
    """CREATEDB, or a superuser."""
    role: str
    """The role."""


class Composed(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """A statement that the server has put together, its names and values quoted."""

    statement: str
    """SQL."""


class Scratch(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """A scratch database that nobody uses any more."""

    name: str
    """The database."""


class Place(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """Where a session is."""

    database: str
    """The database."""
    empty: bool
    """Whether it holds no table, neither tasks nor any other."""


class Backend(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """Who makes a scratch database."""

    pid: int
    """The server process."""
    backend_start: datetime
    """When it began."""


class Extension(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """An extension of the live database."""

    name: str
    """Its name."""
    place: str
    """The schema of its objects."""


class AppliedText(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """What was run here, as the ledger keeps it."""

    version: str
    """The migration's number."""
    name: str
    """The rest of its name."""
    up_text: str
    """The whole text of its up."""


class Relation(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """A table before a step begins."""

    oid: int
    """Its identity, which a new name does not change."""
    name: str
    """Its full name; a partition has its table's."""


class Held(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """A lock of our own session."""

    relation: int
    """On which table."""
    mode: str
    """PostgreSQL's word, such as AccessExclusiveLock."""
