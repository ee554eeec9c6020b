"""Who blocks whom: real locks on real servers, and the tree beside the truth made by hand."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from console.db.database import Database
from console.demo import binaries
from console.demo.account import unprivileged
from console.demo.server import Cluster
from console.errors import NoPrivilege
from console.panes.locks import service
from console.panes.locks.models import Party
from console.panes.locks.tree import Branch
from console.panes.locks.words import accusation, wish
from console.services.locking.words import described, place
from tests.fixtures.running import private_folder, running
from tests.migrate.servers import on_both
from tests.panes.locking import scene
from tests.targets import target


@pytest.fixture(scope="module")
def crowded(pg18: Cluster) -> Iterator[Cluster]:
    """A server with room for a hundred who wait."""
    with private_folder() as folder:
        bindir = binaries.within_reach(unprivileged(), folder)
        with running(bindir, folder, {"max_connections": "130"}) as cluster:
            yield cluster


def of(tree: list[Branch], application: str) -> Branch:
    """The line of one session."""
    return next(branch for branch in tree if branch.party.application == application and branch.again is None)


@on_both
async def test_a_chain_of_five_behind_an_idle_transaction(database: str) -> None:
    async with scene(database) as on:
        names = ["one", "two", "three", "four", "five"]
        for number, name in enumerate(names, 1):
            await on.does(name, "begin", f"update t set v = '123-45-6789' where id = {number}")
        for number, name in enumerate(names[1:], 1):
            await on.waits(name, f"update t set v = 'Doe' where id = {number}")
        assert await on.drawn() == ["one", "└─two", "  └─three", "    └─four", "      └─five"]
        tree = await on.tree()
        root, five = of(tree, "one"), of(tree, "five")
        assert [branch.blocks for branch in tree] == [4, 3, 2, 1, 0]
        assert (five.depth, five.root) == (4, root.party.id)
        assert accusation(root.party, root.blocks) == f"{root.party.id} idle in transaction 0 s, blocks 4"
        assert root.party.has_written
        assert (five.party.mode_wanted, wish(five.party), five.party.relation) == ("ShareLock", "row lock", "public.t")
        assert described(five.party) == "row (0,4) of public.t"
        assert "Doe" not in repr(tree)
        assert "123-45" not in repr(tree)


async def test_a_queue_behind_two_readers(database: str) -> None:
    """The ALTER waits for both readers; who comes after it waits for nothing but the ALTER."""
    async with scene(database) as on:
        await on.does("long", "begin", "select * from t")
        await on.does("longer", "begin", "select * from t")
        await on.waits("alter", "alter table t add column w int")
        await on.waits("behind", "select * from t")
        await on.waits("last", "insert into t values (99)")
        tree = await on.tree()
        readers = sorted(("long", "longer"), key=lambda name: of(tree, name).party.id)
        assert await on.drawn() == [
            readers[0], "└─alter", "  ├─behind", "  └─last", readers[1], "└─elsewhere: alter",
        ]  # fmt: skip
        assert of(tree, "behind").party.blocked_by == [of(tree, "alter").party.id]
        assert sorted(of(tree, "alter").party.blocked_by) == sorted(of(tree, name).party.id for name in readers)
        assert of(tree, "long").party.mode_held == "AccessShareLock"
        assert of(tree, "alter").party.mode_held is None
        assert [of(tree, name).blocks for name in readers] == [3, 3]


async def test_a_circle_is_drawn_and_not_followed(database: str) -> None:
    async with scene(database) as on:
        await on.does("left", "begin", "update t set v = '' where id = 1")
        await on.does("right", "begin", "update t set v = '' where id = 2")
        await on.waits("left", "update t set v = '' where id = 2")
        await on.waits("right", "update t set v = '' where id = 1")
        await on.waits("tail", "update t set v = '' where id = 1")
        drawn = await on.drawn()
        assert sorted(line.strip("├└─│ ") for line in drawn) == ["cycle: left", "left", "right", "tail"]
        assert drawn[0] == "left", "it has the longest wait"
        assert all(branch.party.waits for branch in await on.tree())


async def test_a_prepared_transaction_is_a_root_with_its_remedy(database: str) -> None:
    gid = "ward 7\x1b[2J it's"
    async with scene(database) as on:
        owner = await on.does("preparing", "begin", "update t set v = '' where id = 1")
        await owner.execute(f"prepare transaction {psycopg.sql.quote(gid)}".encode())
        try:
            await on.waits("blocked", "update t set v = 'Doe' where id = 1")
            root = (await on.tree())[0]
            assert re.fullmatch(r"xid \d+", root.party.gid or "")
            assert await on.drawn() == [root.party.gid, "└─blocked"]
            detail = await service.detail(on.db, root.party)
            sql, held = service.remedies(root.party, root.blocks, detail.gid), detail.locks
        finally:
            await owner.execute(f"rollback prepared {psycopg.sql.quote(gid)}".encode())
        assert root.as_json()["pid"] is None
        assert root.as_json()["prepared"] == root.party.gid
        assert service.remedies(root.party, root.blocks) == ""
        assert root.party.mode_held == "ExclusiveLock"
        assert sql.endswith("ROLLBACK PREPARED E'ward 7\\u001B[2J it''s';")
        assert ("RowExclusiveLock", "public.t") in {(lock.mode, lock.relation) for lock in held}


async def test_the_remedy_of_a_prepared_transaction_is_sql_that_works(database: str) -> None:
    async with scene(database) as on:
        owner = await on.does("preparing", "begin", "update t set v = '' where id = 1")
        await owner.execute("prepare transaction E'a\\\\b\\u202E''c'")
        await on.waits("blocked", "update t set v = '' where id = 1")
        root = (await on.tree())[0]
        gid = (await service.detail(on.db, root.party)).gid
        await owner.execute(service.remedies(root.party, root.blocks, gid).encode())
        assert (await on.look()).parties == [] or await on.drawn() == []


async def test_locks_that_are_no_rows_and_no_tables(database: str) -> None:
    async with scene(database) as on:
        await on.does("idle holder", "select pg_advisory_lock(-7), pg_advisory_lock(1, 2)")
        await on.waits("one number", "select pg_advisory_lock(-7)")
        await on.waits("two numbers", "select pg_advisory_lock(1, 2)")
        await on.does("writer", "begin", "update t set v = '' where id = 1")
        await on.waits("index", "create index concurrently on t (v)")
        tree = await on.tree()
        assert place(of(tree, "one number").party) == "a key", "which may be a patient's number"
        assert described(of(tree, "two numbers").party) == "an advisory lock on class 1"
        assert accusation(of(tree, "idle holder").party, 2).endswith("idle 0 s, blocks 2")
        assert of(tree, "idle holder").on is None, "two things are wanted of it"
        assert wish(of(tree, "index").party) == "transaction end"
        assert of(tree, "index").party.blocked_by == [of(tree, "writer").party.id]


@on_both
async def test_the_page_of_one_has_its_statement_and_its_locks(database: str) -> None:
    async with scene(database) as on:
        await on.does("holder", "begin", "lock table t in share row exclusive mode")
        await on.waits("waiter", "update t set v = 'Doe' where id = 1")
        branch = of(await on.tree(), "waiter")
        detail = await service.detail(on.db, branch.party)
    assert detail.query == "update t set v = ? where id = ?"
    assert (detail.locks[0].granted, detail.locks[0].mode, detail.locks[0].relation) == (
        False, "RowExclusiveLock", "public.t",
    )  # fmt: skip
    assert f"a.pid = {branch.party.id}" in service.remedies(branch.party, 0)


async def test_a_hundred_wait_for_one_row(crowded: Cluster) -> None:
    crowd = [f"w{n}" for n in range(100)]
    async with scene(crowded.dsn("postgres")) as on:
        await on.does("holder", "begin", "update t set v = '' where id = 1")
        await on.all_wait(crowd, "update t set v = '' where id = 1")
        tree = await on.tree()
        pairs = await raw_pairs(on.sessions["owner"])
    holder, first, *others = tree
    assert (holder.party.application, holder.blocks, holder.depth) == ("holder", 100, 0)
    assert (first.blocks, first.depth) == (99, 1)
    assert {branch.depth for branch in others} == {2}
    assert sorted(b.party.application or "" for b in (first, *others)) == sorted(crowd), "each once"
    waits = [branch.party.waited or 0.0 for branch in others]
    assert waits == sorted(waits, reverse=True), "in the order of the queue"
    assert pairs == 4951
    assert sum(len(branch.party.blocked_by) for branch in tree) == 100


async def raw_pairs(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> object:
    """How many pairs the server names."""
    pairs = "select sum(cardinality(pg_blocking_pids(pid))) from pg_locks where not granted"
    row = await (await connection.execute(pairs.encode())).fetchone()
    return row and row[0]


async def test_nobody_waits(database: str) -> None:
    async with scene(database) as on:
        assert await on.drawn() == []


@pytest.fixture
def nobody(database: str) -> Iterator[str]:
    """A role without any right of its own."""
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("drop role if exists locks_nobody")
        admin.execute("create role locks_nobody login password 'x'")
        yield "locks_nobody"
        admin.execute("drop owned by locks_nobody")
        admin.execute("drop role locks_nobody")


async def test_a_role_without_rights_sees_who_waits_but_not_what_they_do(database: str, nobody: str) -> None:
    where = target(database, user=nobody, password="x", passfile="/nonexistent")
    async with scene(database) as on, Database(where) as theirs:
        await on.does("holder", "begin", "update t set v = '' where id = 1")
        await on.waits("waiter", "update t set v = '' where id = 1")
        known = [branch.party.id for branch in await on.tree()]
        seen = await service.snapshot(theirs)
    parties: dict[int, Party] = {party.id: party for party in seen.parties}
    holder, waiter = known
    assert parties[waiter].blocked_by == [holder]
    assert parties[waiter].relation == "public.t"
    assert parties[waiter].hidden
    assert seen.grant == 'GRANT pg_read_all_stats TO "locks_nobody";'
    assert service.remedies(parties[holder], 1) == "", "without its start it could be somebody else"


async def test_a_view_that_was_taken_away_is_said_with_its_grant(database: str, nobody: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("revoke select on pg_locks from public")
        async with Database(target(database, user=nobody, password="x", passfile="/nonexistent")) as db:
            with pytest.raises(NoPrivilege) as refused:
                await service.snapshot(db)
            admin.execute(refused.value.hint.partition(": ")[2].encode())
            db.forget_refusals()
            assert (await service.snapshot(db)).parties is not None
