"""What a run leaves is kept, and what others change afterwards is told."""

import pytest

from console.db.session import Session
from console.errors import NoPrivilege
from console.migrate.fingerprint.snapshot import record_snapshot, schema_drift
from tests.migrate.fingerprint.ledger import begin
from tests.migrate.servers import on_both
from tests.migrate.working import ask, one
from tests.targets import target


async def keep(dsn: str) -> None:
    """A run that ends now."""
    async with await Session.open(target(dsn), "test") as session:
        assert await record_snapshot(session, await begin(session)) is None


async def drift(dsn: str, role: str | None = None) -> object:
    """What `migrate status` will tell."""
    async with await Session.open(target(dsn), "test", read_only=True) as session:
        if role:
            await session.execute(f"set role {role}")
        return (await schema_drift(session)).as_json()


async def test_without_a_ledger_or_a_snapshot_nothing_is_compared(database: str) -> None:
    assert await drift(database) is None
    async with await Session.open(target(database), "test") as session:
        await begin(session)
        assert (await schema_drift(session)).difference is None


@on_both
async def test_what_others_change_is_told(database: str) -> None:
    ask(database, "create table a (id int); create table b (id int)")
    await keep(database)
    ask(database, "create table c (id int); drop table b; alter table a alter id set not null")
    async with await Session.open(target(database), "test", read_only=True) as session:
        found = await schema_drift(session)
    assert found.difference is not None
    assert "table public.c" in found.difference.added
    assert "table public.b" in found.difference.removed
    assert found.difference.changed["column public.a.id"] == ("integer", "integer not null")
    assert found.sentence().startswith("The schema was changed by others since 20")


async def test_the_last_run_counts(database: str) -> None:
    await keep(database)
    ask(database, "create table a (id int)")
    async with await Session.open(target(database), "test") as session:
        run = one(database, "select id from emr_console.run")
        assert await record_snapshot(session, run) is None
    found = await drift(database)
    assert isinstance(found, dict)
    assert (found["added"], found["removed"], found["changed"], found["note"]) == ([], [], [], None)


async def test_it_knows_the_migration_that_was_applied_last(database: str) -> None:
    async with await Session.open(target(database), "test") as session:
        run = await begin(session)
        for order, version in enumerate(("001", "003", "002"), 1):
            await session.execute(
                "insert into emr_console.migration (version, name, flavour, state, up_sha256, up_tokens_sha256,"
                " up_text, apply_order, operator, host, tool_version, statements_total, statements_done, run_id)"
                " values (%(version)s, 'x', 'any', 'applied', '', '', '', %(order)s, '', '', '', 1, 1, %(run)s)",
                version=version,
                order=order,
                run=run,
            )
        await record_snapshot(session, run)
        assert (await schema_drift(session)).version == "002"


async def test_a_role_that_may_not_read_it_is_told_so(database: str) -> None:
    await keep(database)
    ask(database, "create role fp_nobody; grant pg_monitor to fp_nobody; create role fp_stranger")
    try:
        assert await drift(database, "fp_nobody") == await drift(database)
        found = await drift(database, "fp_stranger")
        assert isinstance(found, dict)
        assert found["added"] is None
        assert "is not known" in found["note"]
    finally:
        ask(database, "drop role fp_nobody; drop role fp_stranger")


async def test_a_snapshot_that_cannot_be_kept_is_a_note(database: str) -> None:
    async with await Session.open(target(database), "test") as session:
        run = await begin(session)
        await session.execute("drop table emr_console.snapshot")
        note = await record_snapshot(session, run)
    assert note is not None
    assert note.startswith("What the schema looks like now could not be kept")


async def test_snapshots_are_append_only(database: str) -> None:
    await keep(database)
    async with await Session.open(target(database), "test") as session:
        for change in ("update {} set sha256 = ''", "truncate {}"):
            with pytest.raises(NoPrivilege, match="a function"):
                await session.execute(change.format("emr_console.snapshot"))
