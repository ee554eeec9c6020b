"""Recording a real server, with patients' names in what runs there and in who waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from console.db.database import Database
from console.demo.server import Cluster
from console.errors import Unsupported
from console.panes.locks.models import Snapshot as Locks
from console.panes.sessions.models import Snapshot as Sessions
from console.recorded import RECORDED
from console.registry import PANES
from console.services.history.models import Limits, Moment
from console.services.history.reading import Reader
from console.services.history.recorded import Recorded
from console.services.history.recorder import Recorder
from console.services.history.timeline import Replay
from console.services.history.writing import Writer
from console.ui.pane import Pane
from console.ui.tabs import TabbedPane
from tests.panes.locking import Scene, scene
from tests.targets import target

SECRETS = ("123-45-6789", "Doe", "MRN-4711")


@asynccontextmanager
async def patients_in_queries(dsn: str) -> AsyncIterator[Scene]:
    """A patient's data in a statement that runs, in one that waits, in the blocker's last one, and in an index."""
    async with scene(dsn) as on:
        await on.does("owner", "create index for_one on t (v) where v <> 'Doe'", "comment on index for_one is 'Doe'")
        await on.does("holder", "begin", "update t set v = 'Doe' where id = 1")
        await on.waits("waiter", "update t set v = $$123-45-6789$$ where id = 1 -- Doe")
        await on.does("idle", "select E'MRN-4711'")
        yield on


async def test_no_value_is_in_a_recording(pg18_migrated: str, tmp_path: Path) -> None:
    path = tmp_path / "night"
    async with patients_in_queries(pg18_migrated) as on, Database(target(pg18_migrated)) as db:
        with Writer(path, {}, "t", Limits()) as writer:
            recorder = Recorder(db, RECORDED, writer)
            for _ in range(3):
                writer.add(await recorder.moment())
        known = (await on.look()).parties
    with Reader(path) as reader:
        replay = Replay(reader, RECORDED)
        assert len(replay.course) == 3
        assert replay.course[0].blocked == 1
        for moment in replay.moments(""):
            for pane in RECORDED:
                part = reader.part(pane.name, moment, back=timedelta(seconds=pane.every))
                assert part is not None, pane.name
                assert not part.part.failed, (pane.name, part.part.body)
                assert not [secret for secret in SECRETS if secret.encode() in part.part.body], pane.name
                first = moment == replay.course[0].at
                assert replay.asked(pane.name, moment) == (replay.course[0].at if pane.every and not first else None)
        locks: Locks = replay.rows("locks", replay.course[-1].at)
    assert [(p.id, p.blocked_by, p.query_text) for p in locks.parties if p.id in {q.id for q in known}] == [
        (p.id, p.blocked_by, p.query_text) for p in known
    ]
    assert not [secret for secret in SECRETS if secret.encode() in path.read_bytes()]


async def test_what_is_recorded_is_what_was_shown(pg18_migrated: str) -> None:
    async with patients_in_queries(pg18_migrated), Database(target(pg18_migrated)) as db:
        for pane in RECORDED:
            ask = pane.opened(db)
            await ask()
            shown = await ask()
            once = pane.packed(shown)
            assert pane.packed(pane.unpacked(once)) == once, pane.name
            assert type(pane.unpacked(once)) is type(shown), pane.name


def test_every_recorded_pane_exists_and_none_that_shows_patients() -> None:
    names = {pane.name for pane in RECORDED}
    assert names <= {name for place in PANES for name in shown_below(place.kind())}
    assert not names & {"patients", "audit", "migrations"}


def shown_below(pane: type[Pane[Any, Any]]) -> list[str]:
    """A pane, or those that are its tabs."""
    tabs = pane.TABS if issubclass(pane, TabbedPane) else ()
    return [pane.NAME, *(name for tab in tabs for name in shown_below(tab))]


async def test_a_server_that_is_away_is_recorded_too(pg18: Cluster, pg18_database: str, tmp_path: Path) -> None:
    """Everybody's connection is ended, and new ones find no database of that name."""
    with psycopg.connect(pg18.dsn("postgres"), autocommit=True) as admin:
        name = psycopg.conninfo.conninfo_to_dict(pg18_database)["dbname"]
        async with Database(target(pg18_database)) as db:
            with Writer(tmp_path / "night", {}, "t", Limits()) as writer:
                recorder = Recorder(db, RECORDED, writer)
                writer.add(await recorder.moment())
                admin.execute(f"alter database {name} allow_connections false".encode())
                admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
                writer.add(await recorder.moment())
                admin.execute(f"alter database {name} allow_connections true".encode())
                writer.add(await recorder.moment())
    with Reader(tmp_path / "night") as reader:
        replay = Replay(reader, RECORDED)
        before, away, after = replay.course
        assert before.at < away.at < after.at
        assert [point.connections is None for point in replay.course] == [False, True, False]
        with pytest.raises(Unsupported, match="At that moment there was no answer"):
            replay.rows("sessions", away.at)
        assert isinstance(replay.rows("sessions", after.at), Sessions)


async def test_one_pane_that_fails_costs_no_other(pg18_database: str, tmp_path: Path) -> None:
    async def broken(_: Database) -> Sessions:
        raise KeyError("Doe")

    async with Database(target(pg18_database)) as db:
        panes = [Recorded(RECORDED[1].name, "", lambda: (Sessions, lambda db: lambda: broken(db)))]
        with Writer(tmp_path / "night", {}, "t", Limits()) as writer:
            moment = await Recorder(db, [*panes, RECORDED[2]], writer).moment()
    assert (moment.parts["sessions"].failed, moment.parts["locks"].failed) == (True, False)
    assert b"Doe" not in moment.parts["sessions"].body


class Third(Writer):
    """Says when the third moment is written."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, {}, "t", Limits())
        self.reached = asyncio.Event()
        self._missing = 3

    def add(self, moment: Moment) -> None:
        super().add(moment)
        self._missing -= 1
        if not self._missing:
            self.reached.set()


async def test_it_goes_on_until_it_is_cancelled(pg18_database: str, tmp_path: Path) -> None:
    async with Database(target(pg18_database)) as db:
        with Third(tmp_path / "night") as writer:
            recorder = Recorder(db, RECORDED[2:3], writer)
            running = asyncio.create_task(recorder.run(0.001))
            await writer.reached.wait()
            running.cancel()
            await asyncio.wait([running])
    with Reader(tmp_path / "night") as reader:
        assert len(reader.course()) == recorder.moments >= 3
