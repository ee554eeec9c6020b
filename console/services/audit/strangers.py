"""Who is no user of the platform: a console's operator signs with an id that is made of the role that he logged in as.

An application can write that id as well, as it can write any user's; but no name that it chooses is ever shown for it.
"""

from collections.abc import Collection
from typing import Protocol, TypeVar
from uuid import NAMESPACE_DNS, UUID, uuid5

from pydantic import BaseModel

from console.db.query import Query
from console.row import Row

STRANGERS = uuid5(NAMESPACE_DNS, "emr-console")
"""The namespace of the ids of operators who are no users of the platform."""

PREFIX = "role "
"""How the name of a role begins where names of users stand."""

ROLES = Query(__package__, "roles")

M = TypeVar("M", bound=BaseModel)


class Asker(Protocol):
    """A database, or one connection to it."""

    async def fetch(self, query: Query, model: type[M], /, **params: object) -> list[M]:
        """What a query answers."""


class Role(Row):
    """A role of the server."""

    name: str
    """Its name."""


def id_of(role: str) -> UUID:
    """The id with which a role signs."""
    return uuid5(STRANGERS, role)


async def strangers(db: Asker) -> dict[UUID, str]:
    """What to call those who sign as roles of this server."""
    return {id_of(role.name): called(role.name) for role in await db.fetch(ROLES, Role)}


async def roles_called(db: Asker, names: Collection[str]) -> dict[UUID, str]:
    """Those of these names that are what a role of this server is called; asked only where one may be."""
    if not any(name.startswith(PREFIX) for name in names):
        return {}
    return {user: name for user, name in (await strangers(db)).items() if name in names}


def called(role: str) -> str:
    """How a role stands where users stand; no username has a blank.

    >>> called("postgres")
    'role postgres'
    """
    return f"{PREFIX}{role}"
