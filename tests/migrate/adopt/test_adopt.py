"""What knex or hands have made is found, compared and written into the ledger; no migration is run."""

from pathlib import Path

import pytest

from console.db.session import Session
from console.errors import ConsoleError, Exit
from console.migrate.adopt.adopt import Adopted, adopt
from console.migrate.adopt.survey import Survey, survey
from console.migrate.files import default_folder, read_folder
from console.migrate.fingerprint.snapshot import schema_drift
from console.migrate.standing import read_standing
from console.migrate.terms import Terms
from console.sql.lexer import split
from tests.migrate.working import ask, go_down, go_up, ignore, one, states, tables, write, write_tables
from tests.targets import target

OWN = default_folder()


async def look(dsn: str, folder: Path, role: str | None = None) -> Survey:
    """What is found."""
    async with await Session.open(target(dsn), "test", read_only=True) as session:
        standing = await read_standing(session, read_folder(folder))
        return await survey(session, target(dsn), standing, role=role, say=lambda _: None)


def verdicts(found: Survey) -> list[str]:
    """Version and verdict, manual migrations left out."""
    return [f"{row.migration.version} {row.verdict}" for row in found.rows if not row.migration.up.header.manual]


async def take(dsn: str, folder: Path, *, clean: bool = False) -> Adopted:
    """`migrate adopt --yes --reason`."""
    return await adopt(target(dsn), read_folder(folder), ignore, Terms(reason="a test"), clean=clean)


def by_hand(dsn: str, folder: Path, *labels: str) -> None:
    """Run the SQL of migrations as a person in psql would."""
    for label in labels:
        ask(dsn, (folder / f"{label}.up.sql").read_text("utf-8"))


async def test_what_knex_made_is_adopted_and_goes_on(from_knex: str) -> None:
    found = await take(from_knex, OWN)
    assert found.survey.note is None
    assert found.done == ["001", "002", "003", "004"]
    assert verdicts(found.survey) == ["001 adopt", "002 adopt", "003 adopt", "004 adopt", "005 pending"]
    assert [hint.name for hint in found.survey.rows[3].knex] == ["004_add_patients_table.ts"]
    rows = ask(
        from_knex,
        "select m.version, m.adopted, m.batch, m.statements_done, m.duration, m.applied_at = k.migration_time,"
        " m.down_text is not null from emr_console.migration m join knex_migrations k on k.name = m.version || '_'"
        " || m.name || '.ts' order by m.apply_order",
    )
    assert rows == [(version, True, 1, 0, None, True, True) for version in ("001", "002", "003", "004")]
    assert one(from_knex, "select count(*) from knex_migrations") == 4
    assert ask(from_knex, "select kind, reason, outcome from emr_console.run") == [("adopt", "a test", "done")]
    kinds = ask(from_knex, "select kind, version, detail ->> 'reason' from emr_console.event order by id")
    assert kinds == [("adopted", version, "a test") for version in ("001", "002", "003", "004")]
    assert (await go_up(from_knex, OWN)).done == ["005"]
    assert one(from_knex, "select batch from emr_console.migration where version = '005'") == 2
    assert (await go_down(from_knex, OWN, all=True)).done == ["005", "004", "003", "002", "001"]
    assert tables(from_knex) == ["knex_migrations", "knex_migrations_lock"]


async def test_half_of_the_fifth_by_hand(from_knex: str) -> None:
    statements = split((OWN / "005_add_timescaledb.plain.up.sql").read_text("utf-8"))
    ask(from_knex, next(each.text for each in statements if each.text.startswith("CREATE FUNCTION")))
    ask(from_knex, "create materialized view audit_logs_hourly as select 1 as n")
    found = await take(from_knex, OWN)
    assert found.done == ["001", "002", "003", "004"]
    fifth = found.survey.rows[4]
    assert fifth.verdict == "partial"
    assert "materialized view public.audit_logs_daily" in fifth.evidence.missing
    assert {"table public.audit_logs", "materialized view public.audit_logs_hourly"} <= {*fifth.evidence.different}
    found_now = await states(from_knex, OWN)
    assert [found_now[f"00{number}"] for number in range(1, 6)] == ["applied"] * 4 + ["pending"]


async def test_made_by_hand_without_knex(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second", "third")
    by_hand(database, tmp_path, "001_first", "002_second")
    ask(database, "alter table first add column more int")
    assert verdicts(await look(database, tmp_path)) == ["001 partial", "002 held_back", "003 pending"]
    ask(database, "alter table first drop column more")
    found = await take(database, tmp_path)
    assert (found.done, verdicts(found.survey)) == (["001", "002"], ["001 adopt", "002 adopt", "003 pending"])
    assert verdicts(await look(database, tmp_path)) == ["001 recorded", "002 recorded", "003 pending"]
    assert not one(database, "select to_regclass('knex_migrations') is not null")
    async with await Session.open(target(database), "test") as session:
        drift = (await schema_drift(session)).difference
    assert drift is not None
    assert not drift


async def test_looking_writes_nothing(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    by_hand(database, tmp_path, "001_first")
    await look(database, tmp_path)
    assert tables(database) == ["first"]
    assert not one(database, "select to_regnamespace('emr_console') is not null")


async def test_an_empty_database_has_nothing_to_adopt(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    found = await take(database, tmp_path)
    assert (found.done, verdicts(found.survey)) == ([], ["001 pending", "002 pending"])
    assert not one(database, "select to_regnamespace('emr_console') is not null")


async def test_a_check_that_does_not_hold(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    by_hand(database, tmp_path, "001_first")
    ask(database, "delete from first")
    (row,) = (await look(database, tmp_path)).rows
    assert (row.verdict, row.evidence.failed) == ("partial", ("first has a row",))


def vouched(dsn: str, *names: str) -> None:
    """What knex keeps of migrations that it has applied."""
    ask(
        dsn,
        "create table knex_migrations (id serial primary key, name text, batch int, migration_time timestamptz);"
        f"insert into knex_migrations (name, batch) select unnest(array{list(names)}), 1",
    )


async def test_knex_vouches_for_what_leaves_no_trace_and_alone_proves_nothing(database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create table t (id int)")
    write(tmp_path, "002_rows", up="insert into t values (1)")
    by_hand(database, tmp_path, "001_first")
    assert verdicts(await look(database, tmp_path)) == ["001 adopt", "002 pending"]
    vouched(database, "001_first.ts", "002_rows.ts")
    assert verdicts(await look(database, tmp_path)) == ["001 adopt", "002 adopt"]
    ask(database, "drop table t")
    first, _ = (await look(database, tmp_path)).rows
    assert (first.verdict, len(first.knex)) == ("pending", 1)


async def test_after_an_up_that_failed_on_what_was_there(database: str, tmp_path: Path) -> None:
    """Issue 1 of the platform's own troubleshooting."""
    write_tables(tmp_path, "first")
    by_hand(database, tmp_path, "001_first")
    assert (await go_up(database, tmp_path)).error is not None
    assert await states(database, tmp_path) == {"001": "failed_clean"}
    assert (await take(database, tmp_path)).done == ["001"]
    assert await states(database, tmp_path) == {"001": "applied"}


async def test_duplicates_are_told_and_cleaned_when_asked(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    by_hand(database, tmp_path, "001_first")
    vouched(database, "001_first.ts", "001_first.ts", "other.js")
    found = await take(database, tmp_path)
    assert (found.survey.duplicates, found.cleaned) == ({"001_first.ts": 2}, 0)
    assert one(database, "select count(*) from knex_migrations") == 3
    found = await take(database, tmp_path, clean=True)
    assert (found.done, found.cleaned) == ([], 1)
    assert ask(database, "select id, name from knex_migrations order by id") == [(1, "001_first.ts"), (3, "other.js")]
    detail = one(database, "select detail from emr_console.event where kind = 'knex_duplicates_removed'")
    assert detail == {"names": ["001_first.ts"], "rows": 1}


async def test_without_createdb_names_and_checks_speak(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second", "third")
    by_hand(pg18_database, tmp_path, "001_first", "002_second")
    ask(pg18_database, "delete from second; create role adopter")
    try:
        found = await look(pg18_database, tmp_path, role="adopter")
    finally:
        ask(pg18_database, "drop role adopter")
    assert found.note == "not rehearsed: adopter may not create databases."
    assert verdicts(found) == ["001 adopt", "002 partial", "003 pending"]


async def test_a_file_without_checks_needs_all_its_names(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create table a (id int); create table b (id int); create role nobody_ever")
    ask(pg18_database, "create table a (id int)")
    found = await look(pg18_database, tmp_path)
    assert found.note is not None
    assert (found.rows[0].verdict, found.rows[0].evidence.missing) == ("partial", ("table b",))


async def test_what_was_confirmed_must_still_be_so(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    by_hand(pg18_database, tmp_path, "001_first", "002_second")
    with pytest.raises(ConsoleError) as caught:
        await adopt(
            target(pg18_database),
            read_folder(tmp_path),
            ignore,
            Terms(reason="x", confirmed=["001_first"]),
            clean=False,
        )
    assert caught.value.exit == Exit.PLAN_OUTDATED
    assert tables(pg18_database) == ["first", "second"]
