"""kill -9 at any point: the next start decides by itself what became of it, and ends where an undisturbed run ends."""

import asyncio
import json
import random
import signal
from pathlib import Path

import pytest

from console.errors import Exit
from tests.migrate.operating import operating
from tests.migrate.working import ask, go_up, one, states, write

OFF = '-- emr: transaction = off\n-- emr: waive = EM01 "each kind of statement in one file"\n'
LABELS = {"001": "applied_unverified", "002": "applied_unverified", "003": "applied_unverified"}


def write_three(folder: Path) -> None:
    """A file in one transaction, one outside, and again one in a transaction."""
    write(folder, "001_ward", up="create table ward (id int);\ninsert into ward select generate_series(1, 5000)")
    write(
        folder,
        "002_build",
        up=f"{OFF}create index concurrently ward_id on ward (id);\ncreate table bed (id int);\nvacuum ward;\n"
        "create index concurrently bed_id on bed (id)",
    )
    write(folder, "003_room", up="create table room (id int);\ninsert into room values (1)")


def killed_at(dsn: str, folder: Path, event: int, later: float = 0.0) -> bool:
    """A run that is killed so many seconds after its event of that number, from 0; False if it has ended before."""
    with operating(dsn, folder, "--json") as operator:
        for _ in range(event + 1):
            said = json.loads(operator.says.readline() or '{"event": "result"}')
            assert "event" in said, said
            if said["event"] == "result":
                operator.process.join()
                return False
        operator.process.join(later)
        operator.kill()
    return operator.process.exitcode == -signal.SIGKILL


async def nobody_left(dsn: str) -> None:
    """Until the server has noticed that the killed run is gone; what it had begun may come to its end."""
    engine = (
        "select count(*) from pg_stat_activity"
        " where application_name like 'emr-console:migrate%%' and datname = current_database()"
    )
    while one(dsn, engine):  # noqa: ASYNC110 - the server sends no event
        await asyncio.sleep(0.02)


def schema(dsn: str) -> tuple[object, ...]:
    """Everything that the three make, with its rows; invalid indexes, runs without an end."""
    (found,) = ask(
        dsn,
        "select array(select concat(relname, ' ', relkind) from pg_class where relnamespace = 'public'::regnamespace"
        " order by 1), (select count(*) from ward), array(select id from room),"
        " (select count(*) from pg_index where not indisvalid),"
        " (select count(*) from emr_console.run where finished_at is null)",
    )
    return found


async def undisturbed_in_the_end(dsn: str, folder: Path) -> None:
    """The next start needs no person, and leaves what one run without a kill leaves."""
    await nobody_left(dsn)
    result = await go_up(dsn, folder)
    assert (result.exit, result.error) == (Exit.OK, None)
    assert await states(dsn, folder) == LABELS
    assert schema(dsn) == (["bed r", "bed_id i", "room r", "ward r", "ward_id i"], 5000, [1], 0, 0)


MOMENTS = {2: "in a transaction", 4: "after its COMMIT", 6: "outside of one", 8: "between two statements there"}
"""Events whose kills differ in kind; the others run with --long."""


@pytest.mark.parametrize(
    "event", [pytest.param(each, marks=() if each in MOMENTS else pytest.mark.long) for each in range(0, 16, 2)]
)
async def test_killed_at_an_event(database: str, tmp_path: Path, event: int) -> None:
    write_three(tmp_path)
    killed_at(database, tmp_path, event)
    await undisturbed_in_the_end(database, tmp_path)


@pytest.mark.parametrize(
    ("cluster", "left"),
    [("pg18", 8), ("pg15", 8), pytest.param("pg18", 200, marks=pytest.mark.long)],
    indirect=["cluster"],
    scope="session",
)
async def test_killed_again_and_again(database: str, tmp_path: Path, left: int, request: pytest.FixtureRequest) -> None:
    """Killed so often at random moments, more than once in one migration; with those above these are 20 kills."""
    write_three(tmp_path)
    seed = random.randrange(2**32)
    request.node.add_report_section("call", "random moments", f"seed {seed}")
    chance = random.Random(seed)
    while left:
        ask(database, "drop schema if exists emr_console cascade; drop table if exists ward, bed, room")
        while left and killed_at(database, tmp_path, chance.randrange(8), chance.uniform(0, 0.02)):
            left -= 1
            await nobody_left(database)
            found = await states(database, tmp_path)
            there = {name for name, _ in schema_names(database)}
            for version, table in (("001", "ward"), ("003", "room")):
                assert found[version].startswith("applied") == (table in there)
        await undisturbed_in_the_end(database, tmp_path)


def schema_names(dsn: str) -> list[tuple[str, str]]:
    """Name and kind of every relation."""
    return ask(dsn, "select relname, relkind::text from pg_class where relnamespace = 'public'::regnamespace")
