"""What a table holds: any change shows, whatever its columns are called and its rows look like."""

from collections.abc import AsyncIterator

import pytest

from console.db.session import Session
from console.errors import NoPrivilege, StatementFailed
from console.migrate.backup import contents
from console.migrate.backup.models import Content
from tests.migrate.servers import on_both
from tests.migrate.working import ask
from tests.targets import target

TABLES = """
create table t (t int, other text);
insert into t values (1, 'a'), (2, null);
create table parent (id int, at date) partition by range (at);
create table child partition of parent for values from ('2026-01-01') to ('2027-01-01');
insert into parent values (1, '2026-05-05');
create table older (id int);
create table younger () inherits (older);
insert into younger values (1), (2);
create table empty ();
create temp table passing (id int)
"""


@pytest.fixture
async def session(database: str) -> AsyncIterator[Session]:
    """A session on a database with tables of every kind."""
    ask(database, TABLES)
    async with await Session.open(target(database), "act") as opened:
        yield opened


async def read(session: Session) -> list[Content]:
    async with session.transaction(read_only=True):
        return await contents.read(session)


@on_both
async def test_whole_tables_are_counted(session: Session) -> None:
    found = {content.table: content.rows for content in await read(session)}
    assert found == {"public.empty": 0, "public.older": 2, "public.parent": 1, "public.t": 2}


@pytest.mark.parametrize(
    "change",
    [
        "update t set other = 'b' where t = 1",
        "update t set other = '' where t = 2",
        "update child set id = 2",
        "update t set t = case t when 1 then 2 else 1 end",
        "delete from younger where id = 1",
        "insert into t values (1, 'a')",
    ],
)
async def test_every_change_shows(session: Session, change: str) -> None:
    before = await read(session)
    await session.execute(change)
    assert len(contents.differences(before, await read(session))) == 1


@on_both
async def test_the_session_s_settings_change_nothing(database: str) -> None:
    ask(database, "create table moments (at timestamptz, how interval, much float8, what bytea, which regclass)")
    ask(database, "insert into moments values (now(), '1 day 2 h', 0.1 + 0.2::float8, '\\x00ff', 'moments')")
    async with await Session.open(target(database), "act") as plain, await Session.open(target(database), "act") as odd:
        for name, value in (
            ("timezone", "Asia/Tokyo"), ("datestyle", "German"), ("intervalstyle", "iso_8601"),
            ("bytea_output", "escape"), ("extra_float_digits", "-3"), ("search_path", "public"),
        ):  # fmt: skip
            await odd.execute(f"set {name} = '{value}'")
        assert await read(plain) == await read(odd)
        async with odd.transaction():
            await contents.read_aside(odd)
            _, ((kept,),) = await odd.rows("show timezone")
    assert kept == "Asia/Tokyo"


async def test_hidden_rows_are_an_error(pg18_migrated: str) -> None:
    """A count of none would be a lie."""
    ask(pg18_migrated, "create role looker; grant usage on schema public to looker")
    try:
        ask(
            pg18_migrated,
            "grant select on all tables in schema public to looker; grant usage on schema emr_console to looker",
        )
        ask(pg18_migrated, "grant select on all tables in schema emr_console to looker")
        async with await Session.open(target(pg18_migrated), "act") as session:
            await session.execute("set role looker")
            with pytest.raises((NoPrivilege, StatementFailed)) as caught:
                await read(session)
        assert caught.value.sqlstate == "42501"
    finally:
        ask(pg18_migrated, "drop owned by looker; drop role looker")
