"""Rolling back, on real servers: how far, by which text, and what a failure leaves."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.errors import ConsoleError, Exit
from console.migrate.files import default_folder
from tests.migrate.test_verify import checks
from tests.migrate.working import Told, ask, go_down, go_up, one, remove, row, states, tables, write, write_tables
from tests.services.audit.logging import event
from tests.services.audit.logging import write as log


async def test_our_own_migrations_down_and_up_again(migrated: str) -> None:
    """Of the batch of five the last one, those after a target, all that is left."""
    recorded = (
        "select version, state, batch, apply_order, statements_done = statements_total from emr_console.migration"
    )
    applied = [(f"00{number}", "applied", 1, number, True) for number in range(1, 6)]
    assert ask(migrated, f"{recorded} order by version") == applied
    assert (await go_up(migrated, default_folder())).done == []
    before = tables(migrated)
    assert (await go_down(migrated, default_folder())).done == ["005"]
    assert (await go_down(migrated, default_folder(), to="003")).done == ["004"]
    assert ask(migrated, f"{recorded} order by version") == applied[:3]
    result = await go_down(migrated, default_folder(), all=True, reason="a test")
    assert (result.error, result.done) == (None, ["003", "002", "001"])
    assert tables(migrated) == []
    assert one(migrated, "select count(*) from emr_console.migration") == 0
    result = await go_up(migrated, default_folder())
    assert (result.error, result.done) == (None, ["001", "002", "003", "004", "005"])
    assert tables(migrated) == before
    found = await checks(migrated, default_folder())
    assert {check.id.partition(".")[0] for check in found} == {"001", "002", "003", "004", "005"}
    assert [check for check in found if not check.ok] == []


async def test_what_comes_back_with_audit_rows_less_than_it_was_is_told(pg18_migrated: str) -> None:
    """By the file's own warning; what a trigger of the application says there may hold what rows hold."""
    folder = default_folder()
    ask(pg18_migrated, """alter table audit_logs add column site text collate "C" not null default 'north'""")
    log(pg18_migrated, [event(datetime.now(UTC))])
    assert (await go_down(pg18_migrated, folder, all=True)).error is None
    ask(
        pg18_migrated,
        "create function chat() returns event_trigger language plpgsql as"
        " 'begin raise warning ''Testson, Ann''; end'; create event trigger chat on ddl_command_end"
        " execute function chat()",
    )
    assert (await go_up(pg18_migrated, folder, told := Told())).error is None
    assert [note.message for note in told.of("note")] == [
        "Column site of audit_logs is back without its default and constraints."
    ]
    site = "(table_name, column_name) = ('audit_logs', 'site')"
    assert one(pg18_migrated, f"select collation_name from information_schema.columns where {site}") == "C"


async def test_rows_with_a_forged_date_are_told_on_the_way_up_and_stay(pg18_migrated: str) -> None:
    """They keep nobody from 005, up or down, and verify is content with them where they are."""
    folder = default_folder()
    log(pg18_migrated, [event(datetime.now(UTC))])
    forged = "(jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'created_at', t))).*"
    dates = "values ('1970-01-01'::timestamptz), ('294276-12-20')"
    ask(pg18_migrated, f"insert into audit_logs select {forged} from audit_logs a cross join ({dates}) x (t)")
    for _ in range(2):
        assert (await go_down(pg18_migrated, folder)).error is None
        assert one(pg18_migrated, "select count(*) from audit_logs") == 3
        told = Told()
        assert (await go_up(pg18_migrated, folder, told)).error is None
        (note,) = told.of("note")
        assert str(note.message).startswith("2 rows stay in DEFAULT, dated over seven years ago or over a year ahead")
    assert [check for check in await checks(pg18_migrated, folder) if not check.ok] == []
    assert one(pg18_migrated, "select count(*) from audit_logs_default") == 2


async def test_last_is_one_migration_of_a_batch(with_third: str, tmp_path: Path) -> None:
    assert (await go_down(with_third, tmp_path)).done == ["003"]
    assert tables(with_third) == ["first", "second"]
    assert await states(with_third, tmp_path) == {"001": "applied", "002": "applied", "003": "pending"}


async def test_to_leaves_its_target(with_third: str, tmp_path: Path) -> None:
    assert (await go_down(with_third, tmp_path, to="001_first")).done == ["003", "002"]
    assert tables(with_third) == ["first"]
    with pytest.raises(ConsoleError, match="002 is not applied") as caught:
        await go_down(with_third, tmp_path, to="002")
    assert caught.value.exit == Exit.USAGE


async def test_a_wrong_name_rolls_nothing_back(with_third: str, tmp_path: Path) -> None:
    for wrong in ("003_verification", "3_", "006_nothing", "first"):
        with pytest.raises(ConsoleError, match=f"There is no migration {wrong}") as caught:
            await go_down(with_third, tmp_path, to=wrong)
        assert caught.value.exit == Exit.USAGE
    assert tables(with_third) == ["first", "second", "third"]
    assert one(with_third, "select count(*) from emr_console.run where kind = 'down'") == 0


async def test_a_batch_is_all_that_one_run_applied(with_first: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second", "third")
    await go_up(with_first, tmp_path)
    assert (await go_down(with_first, tmp_path, batch=True)).done == ["003", "002"]
    assert tables(with_first) == ["first"]


async def test_the_order_is_that_of_applying(pg18_database: str, tmp_path: Path) -> None:
    for label in ("001_first", "003_third"):
        write(tmp_path, label, up="select 1")
    await go_up(pg18_database, tmp_path)
    write(tmp_path, "002_second", up="select 1")
    await go_up(pg18_database, tmp_path, out_of_order=True)
    assert (await go_down(pg18_database, tmp_path, to="001")).done == ["002", "003"]


async def test_nothing_to_roll_back(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    assert (await go_down(pg18_database, tmp_path, all=True)).done == []
    assert one(pg18_database, "select count(*) from pg_namespace where nspname = 'emr_console'") == 0


async def test_what_was_rolled_back_stays_in_the_events(with_first: str, tmp_path: Path) -> None:
    await go_down(with_first, tmp_path, reason="it was wrong")
    kind, detail, reason = ask(
        with_first,
        "select e.kind, detail, reason from emr_console.event e join emr_console.run r on r.id = run_id"
        " where e.kind = 'rolled_back'",
    )[0]
    assert (kind, reason) == ("rolled_back", "it was wrong")
    assert (detail["name"], detail["batch"], detail["down_run"]) == ("first", 1, "drop table first;\n")
    assert "up_text" not in detail


async def test_a_missing_file_goes_back_by_the_stored_text(with_second: str, tmp_path: Path) -> None:
    remove(tmp_path, "002_second")
    told = Told()
    assert (await go_down(with_second, tmp_path, told)).done == ["002"]
    assert tables(with_second) == ["first"]
    assert told.of("note")[0].message == "002_second goes back by the text in the ledger."


async def test_a_changed_up_goes_back_by_the_stored_text(with_first: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create table other (id int)", down="drop table other")
    assert (await go_down(with_first, tmp_path)).done == ["001"]
    assert tables(with_first) == []


async def test_a_broken_down_can_be_mended(with_second: str, tmp_path: Path) -> None:
    write(tmp_path, "003_third", up="create table third (id int)", down="drop table third;\nselect 1 / 0")
    await go_up(with_second, tmp_path)
    result = await go_down(with_second, tmp_path, all=True)
    assert (result.done, result.not_started, result.exit) == ([], ["002", "001"], Exit.FAILED)
    assert result.failed is not None
    assert (result.failed.file, result.failed.line, result.failed.statement) == ("003_third.down.sql", 2, 2)
    assert "third" in tables(with_second)
    broken = await row(with_second, tmp_path, "003")
    assert broken.state == "rollback_failed_clean"
    assert broken.last_error is not None
    (tmp_path / "003_third.down.sql").write_text("drop table third")
    assert (await go_down(with_second, tmp_path, all=True)).done == ["003", "002", "001"]


async def test_the_irreversible_stays(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up='-- emr: irreversible = "the old values are gone"\nselect 1', down=None)
    write(tmp_path, "002_second", up="create table second (id int)", down="drop table second")
    await go_up(pg18_database, tmp_path)
    with pytest.raises(ConsoleError, match="001_first is irreversible") as caught:
        await go_down(pg18_database, tmp_path, all=True)
    assert caught.value.exit == Exit.REFUSED
    assert tables(pg18_database) == ["second"]
    assert (await go_down(pg18_database, tmp_path, to="001")).done == ["002"]


async def test_what_was_confirmed_must_still_be_so(with_second: str, tmp_path: Path) -> None:
    with pytest.raises(ConsoleError, match="not what was confirmed: 002_second\\.") as caught:
        await go_down(with_second, tmp_path, confirmed=["001_first"])
    assert caught.value.exit == Exit.PLAN_OUTDATED
    assert tables(with_second) == ["first", "second"]


async def test_a_failed_up_is_not_rolled_back(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    write(tmp_path, "002_second", up="select nothing")
    await go_up(pg18_database, tmp_path)
    assert (await go_down(pg18_database, tmp_path)).done == ["001"]


async def test_what_depends_on_a_table_is_named_and_nobody_is_advised_to_drop_it(
    with_second: str, tmp_path: Path
) -> None:
    """As the server would, with CASCADE: of views that others have made, unseen."""
    ask(with_second, "create view nightly as select * from second; create view weekly as select * from second")
    result = await go_down(with_second, tmp_path)
    assert result.error is not None
    assert "view nightly depends on table second; and 1 more" in result.error.message
    assert result.error.hint.startswith("Let the owners of what depends on it change or drop that first")
    assert tables(with_second) == ["first", "second"]
