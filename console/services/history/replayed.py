"""Stands where the database stands for the panes while they show an earlier moment: nothing reaches a server."""

from collections.abc import Mapping
from typing import NoReturn

from console.db.database import Database, Lane
from console.db.target import Target
from console.errors import Unsupported


class Replayed(Database):
    """The database of an earlier moment."""

    async def _open(self, lane: Lane) -> NoReturn:
        raise Unsupported("This is an earlier moment: there is what was on the panes then, and nothing more.")


def of_recording(about: Mapping[str, object]) -> Replayed:
    """The database that was recorded."""
    names = {"host": "host", "user": "user", "dbname": "database"}
    return Replayed(Target({key: str(about.get(name, "")) for key, name in names.items()}, "a recording"))
