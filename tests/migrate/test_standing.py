"""How things stand is read in one round trip once a connection is known, and what appears or goes is seen at once."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from console.db.database import Database
from console.db.pipeline import Answers, Request
from console.db.server import Server
from console.migrate.files import read_folder
from console.migrate.status import status
from tests.migrate.test_knex import KNEX
from tests.migrate.working import ask, go_up
from tests.targets import target

STATEMENTS = 5
"""What one refresh of a pane may ask."""


class Counted:
    """The console's lanes, with a list of what was asked in each round trip."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._trips: list[list[str]] = []

    async def server(self) -> Server:
        """Facts about the server."""
        return await self._db.server()

    async def pipeline(self, *requests: Request[Any]) -> Answers:
        """Several queries in one round trip."""
        self._trips.append([request.query.name for request in requests])
        return await self._db.pipeline(*requests)

    def trips(self) -> list[list[str]]:
        """The round trips since it was last asked."""
        found, self._trips = self._trips, []
        return found


@pytest.fixture
async def pane(with_first: str) -> AsyncIterator[Counted]:
    """What the pane asks, again and again."""
    async with Database(target(with_first)) as db:
        yield Counted(db)


async def look(pane: Counted, folder: Path) -> list[str]:
    """The states of a refresh."""
    return [row.state for row in (await status(pane, read_folder(folder))).rows]


async def test_one_round_trip(pane: Counted, tmp_path: Path) -> None:
    await look(pane, tmp_path)
    assert pane.trips() == [["presence", "holder"], ["timescaledb", "meta", "recorded"]]
    await look(pane, tmp_path)
    assert pane.trips() == [["presence", "holder", "meta", "recorded"]]


async def test_who_has_knexs_table_is_asked_before_it_is_read(pane: Counted, with_first: str, tmp_path: Path) -> None:
    ask(with_first, KNEX)
    await look(pane, tmp_path)
    pane.trips()
    await look(pane, tmp_path)
    (*_, last) = trips = pane.trips()
    assert last == ["knex_names"]
    assert len(trips) == 2
    assert sum(map(len, trips)) <= STATEMENTS


async def test_what_appears_and_goes_is_seen_at_once(pane: Counted, with_first: str, tmp_path: Path) -> None:
    assert await look(pane, tmp_path) == ["applied"]
    ask(with_first, "drop schema emr_console cascade; drop table first")
    assert await look(pane, tmp_path) == ["pending"]
    ask(with_first, f"{KNEX}; insert into knex_migrations (name, batch) values ('001_first.ts', 1)")
    assert await look(pane, tmp_path) == ["unknown"]
    ask(with_first, "drop table knex_migrations, knex_migrations_lock")
    assert await look(pane, tmp_path) == ["pending"]
    await go_up(with_first, tmp_path)
    assert await look(pane, tmp_path) == ["applied"]


ENDED = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name like '%:poll%'"


async def test_a_new_connection_is_asked_everything(pane: Counted, with_first: str, tmp_path: Path) -> None:
    await look(pane, tmp_path)
    ask(with_first, ENDED)
    pane.trips()
    await look(pane, tmp_path)
    assert pane.trips() == [["presence", "holder"], ["timescaledb", "meta", "recorded"]]
