"""The fingerprint does not depend on who asks and leaves the session as it was; two of them are compared."""

import pytest

from console.db.database import Database
from console.db.session import Session
from console.migrate.fingerprint.catalogue import fingerprint
from console.migrate.fingerprint.difference import Difference, Fingerprint, difference
from tests.migrate.working import ask
from tests.targets import target


async def search_path(session: Session) -> str:
    """Where the session looks for names."""
    _, ((path,),) = await session.rows("show search_path")
    return str(path)


async def test_every_search_path_gives_the_same(database: str) -> None:
    ask(database, "create schema app; create type app.kind as enum ('a'); create table app.t (k app.kind default 'a')")
    async with await Session.open(target(database), "test") as session:
        first = await fingerprint(session)
        await session.execute("set search_path = app")
        assert await fingerprint(session) == first
        assert await search_path(session) == "app"


async def test_it_leaves_an_open_transaction_as_it_was(database: str) -> None:
    async with await Session.open(target(database), "test") as session, session.transaction():
        await session.execute("create schema app; set local search_path = app; create table t (id int)")
        assert "table app.t" in (await fingerprint(session)).objects
        assert await search_path(session) == "app"


async def test_any_role_and_a_lane_of_the_console_may_ask(migrated: str) -> None:
    ask(migrated, "create role fp_nobody")
    try:
        async with await Session.open(target(migrated), "test") as session:
            expected = await fingerprint(session)
            await session.execute("set role fp_nobody")
            assert await fingerprint(session) == expected
        async with Database(target(migrated)) as database:
            for _ in range(6):  # from the sixth time on the driver prepares its statements
                assert await fingerprint(database) == expected
    finally:
        ask(migrated, "drop role fp_nobody")


def test_equal_ones_do_not_differ() -> None:
    same = Fingerprint({"table a": "id"})
    assert not difference(same, same)
    assert Difference().sentence() == "no difference"


@pytest.mark.parametrize(
    ("objects", "sentence"),
    [
        ({"table public.a": "id", "owner of table public.a": "x"}, "1 added (table public.a)"),
        ({"table public.a": "id", "grant on column public.a.id to emr_app": "SELECT"}, "1 added (table public.a)"),
        ({"grant on table public.a to emr_app": "SELECT"}, "1 added (grant on table public.a to emr_app)"),
        ({"view public.a": "x", "rule public.a.r": "y", "comment on rule public.a.r": "z"}, "1 added (view public.a)"),
        ({f"type t{number}": "base" for number in range(5)}, "5 added (type t0, type t1, type t2 and 2 more)"),
    ],
)  # fmt: skip
def test_a_sentence_names_what_matters(objects: dict[str, str], sentence: str) -> None:
    assert difference(Fingerprint({}), Fingerprint(objects)).sentence() == sentence


def test_structure_is_without_owners_grants_and_comments() -> None:
    objects = {"table public.a": "id", "owner of table public.a": "x", "comment on table public.a": "y"}
    objects |= {"grant on table public.a to z": "SELECT", "default grant on tables of a to b": "SELECT"}
    assert Fingerprint(objects).structure == Fingerprint({"table public.a": "id"})
