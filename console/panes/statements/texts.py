"""What statements say, asked of the server once for each, and masked once."""

from collections.abc import Collection, Mapping

from console.db.database import Database
from console.db.pipeline import Request
from console.db.query import Query
from console.panes.statements.models import Text
from console.services.activity import TEXT_BYTES, visible

TEXTS = Query(__package__, "texts")

KEPT = 2_000
"""Texts that are remembered; one takes a kilobyte at most."""


class Texts:
    """Masked texts by the id of their statement."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[int, str | None] = {}

    def forget(self) -> None:
        """Ask again: another server answers now."""
        self._known.clear()

    async def of(self, queryids: Collection[int], schema: str) -> Mapping[int, str | None]:
        """The texts of some statements; None for one that has gone, or that cannot be read."""
        missing = [queryid for queryid in queryids if queryid not in self._known]
        if missing:
            await self._fetch(missing, schema)
        return {queryid: self._known.get(queryid) for queryid in queryids}

    async def _fetch(self, missing: list[int], schema: str) -> None:
        if len(self._known) > KEPT:
            self._known.clear()
        asked = Request(TEXTS.in_schema(schema), Text, {"queryids": missing, "characters": TEXT_BYTES})
        answers = await self._db.pipeline(asked)
        # One text in a foreign encoding fails them all; it would do so again, so nobody asks twice.
        self._known |= dict.fromkeys(missing)
        if answers.error(asked) is None:
            self._known |= {row.queryid: visible(row.query_text) for row in answers.rows(asked)}
