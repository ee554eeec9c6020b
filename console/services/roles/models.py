"""Roles and rights as the server tells them, and what is to be changed."""

from typing import Literal

from console.row import Row

Kind = Literal["database", "schema", "relation"]
"""What a right can be on."""


class Role(Row):
    """One of our roles that exists on this server."""

    name: str
    """Its name."""
    login: bool
    """Whether it can sign in."""
    powers: list[str]
    """SUPERUSER, BYPASSRLS, CREATEROLE, CREATEDB, REPLICATION: attributes that none of our roles needs."""


class Right(Row):
    """One privilege on one object, granted to one role itself."""

    role: str
    """Who has it; PUBLIC is everybody."""
    kind: Kind
    """On what kind of object."""
    name: str
    """The object's name; relations are those of schema public."""
    column: str | None = None
    """The column, None for the whole object."""
    privilege: str
    """SELECT, INSERT, ..."""


class Relation(Row):
    """One of our tables, views or reports that exists in schema public."""

    name: str
    """Its name."""
    owner: str
    """The role that owns it."""
    owner_superuser: bool
    """Whether that role is a superuser."""
    partitioned: bool
    """Whether it has partitions, each with an owner of its own."""
    strangers: int
    """How many of it and its partitions do not belong to the owner of the audit rows."""


class Place(Row):
    """The database, and what our own role is there."""

    database: str
    """Its name."""
    major: int
    """PostgreSQL's major version."""
    trigger_owner: str | None
    """Who owns the function that audits changes of patients; None before 002."""
    members: list[str]
    """The roles that may act as the owner of the audit rows."""


class Change(Row):
    """One statement that is missing, and why."""

    statement: str
    """SQL, without its semicolon."""
    reason: str
    """What is wrong as long as it is not run."""
