"""Applying, on real servers: what is done, what a failure leaves, what reaches the next file."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from console.demo.server import Cluster
from console.errors import Exit
from console.migrate.reports import Event
from tests.fixtures.databases import fresh
from tests.migrate.servers import on_both
from tests.migrate.working import Told, ask, go_up, one, read_status, row, states, tables, write, write_tables


async def test_events_tell_every_statement(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    told = Told()
    await go_up(database, tmp_path, told)
    assert [event.event for event in told] == [
        "started",
        *("migration", "statement", "statement", "verified", "applied") * 2,
    ]
    assert told[0].versions == ["001", "002"]
    assert [(e.version, e.statement, e.statements, e.line) for e in told.of("statement")] == [
        ("001", 1, 2, 1),
        ("001", 2, 2, 2),
        ("002", 1, 2, 1),
        ("002", 2, 2, 2),
    ]
    assert told.of("statement")[0].as_json().keys() == {
        "event", "version", "statement", "statements", "elapsed", "line",
    }  # fmt: skip


async def test_up_to_a_target_and_on_in_the_next_batch(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second", "third")
    assert (await go_up(database, tmp_path, to="002_second.ts")).done == ["001", "002"]
    assert (await go_up(database, tmp_path, to="001")).done == []
    assert (await go_up(database, tmp_path, to="003_third")).done == ["003"]
    assert ask(database, "select batch from emr_console.migration order by version") == [(1,), (1,), (2,)]


async def test_a_failing_statement_leaves_nothing(with_first: str, tmp_path: Path) -> None:
    """Whichever it is, and however often."""
    write(tmp_path, "003_third", up="select 1")
    for failing in (1, 2, 3, 4):
        lines = [f"create table t{number} (id int);" for number in range(1, 5)]
        lines[failing - 1] = "select 1,\n  nothing_like_it" + ",\n 1" * 40 + ";"
        write(tmp_path, "002_second", up="\n".join(lines))
        result = await go_up(with_first, tmp_path)
        assert (result.done, result.not_started, result.exit) == ([], ["003"], Exit.FAILED)
        assert result.failed is not None
        assert (result.failed.version, result.failed.statement, result.failed.sqlstate) == ("002", failing, "42703")
        assert (result.failed.file, result.failed.line) == ("002_second.up.sql", failing + 1)
        assert tables(with_first) == ["first"]
        found = (await read_status(with_first, tmp_path)).rows
        assert [each.state for each in found] == ["applied", "failed_clean", "pending"]
        error = found[1].last_error
        assert error is not None
        assert (error["line"], error["statement"]) == (failing + 1, failing)
    write(tmp_path, "002_second", up="create table second (id int)")
    assert (await go_up(with_first, tmp_path)).done == ["002", "003"]
    assert (await row(with_first, tmp_path, "002")).last_error is None
    kinds = "select kind from emr_console.event where version = '002' order by id"
    assert ask(with_first, kinds) == [("failed",)] * 4 + [("applied",)]


@pytest.fixture(scope="module")
def unchanged(cluster: Cluster) -> Iterator[str]:
    """A database of tests whose migration fails: it leaves nothing there but what the ledger tells of it."""
    with fresh(cluster) as dsn:
        yield dsn


async def test_an_error_at_commit_is_a_clean_failure(unchanged: str, tmp_path: Path) -> None:
    deferred = "create table t (id int unique deferrable initially deferred); insert into t values (1), (1)"
    write(tmp_path, "001_first", up=deferred)
    result = await go_up(unchanged, tmp_path)
    assert result.failed is not None
    assert (result.exit, result.failed.sqlstate, result.failed.line) == (Exit.FAILED, "23505", None)
    assert tables(unchanged) == []


async def test_the_error_names_no_value(unchanged: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create table t (mrn text primary key); insert into t values ('QZ1'), ('QZ1')")
    result = await go_up(unchanged, tmp_path)
    assert result.error is not None
    everything = result.error.sentence() + str(result.failed) + str(await row(unchanged, tmp_path, "001"))
    assert "QZ1" not in everything
    assert one(unchanged, "select count(*) from emr_console.event where detail::text like '%QZ1%'") == 0


async def test_what_a_check_found_is_told_but_not_kept(unchanged: str, tmp_path: Path) -> None:
    found = "select 'one of each' as name, false as ok, 'none' as expected, 'QZ1' as found"
    write(tmp_path, "001_first", up="create table t (id int)", verify=found)
    told = Told()
    result = await go_up(unchanged, tmp_path, told)
    assert [event.message for event in told.of("note")] == ["Does not hold: one of each (expected none, found QZ1)."]
    assert result.error is not None
    assert "QZ1" not in result.error.sentence() + str(result.failed) + str(await row(unchanged, tmp_path, "001"))
    assert one(unchanged, "select count(*) from emr_console.event where detail::text like '%QZ1%'") == 0


@pytest.mark.parametrize(
    ("verify", "says"),
    [
        ("select 'all is well' as name, true as ok union all select 'it is there', false", "1 of 2 checks do not hold"),
        ("select 'nobody knows' as name, null::bool as ok", "1 of 1 checks do not hold: nobody knows"),
        ("create table side_effect ()", "25006"),
        ("insert into t values (1)", "25006"),
        ("select 1 from nowhere", "42P01"),
    ],
)
async def test_a_verify_that_does_not_hold(unchanged: str, tmp_path: Path, verify: str, says: str) -> None:
    write(tmp_path, "001_first", up="create table t (id int)", verify=verify)
    result = await go_up(unchanged, tmp_path)
    assert result.exit == Exit.VERIFY_FAILED
    assert result.error is not None
    assert says in result.error.sentence()
    assert tables(unchanged) == []
    assert await states(unchanged, tmp_path) == {"001": "failed_clean"}


@pytest.mark.parametrize(
    "verify", ["select true as ok", "select 'a' as name", "select 'a' as name, true as ok where false"]
)
async def test_a_verify_that_proves_nothing(unchanged: str, tmp_path: Path, verify: str) -> None:
    write(tmp_path, "001_first", up="create table t (id int)", verify=verify)
    result = await go_up(unchanged, tmp_path)
    assert result.error is not None
    assert "001_first.verify.sql, line 1" in result.error.message
    assert tables(unchanged) == []


async def test_without_a_verify_it_is_applied_unverified(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create table t (id int)")
    await go_up(pg18_database, tmp_path)
    assert await states(pg18_database, tmp_path) == {"001": "applied_unverified"}


LEAKS = """create role {role} nologin;
grant create on schema public to {role};
set lock_timeout = 0;
set statement_timeout = '1h';
set search_path = pg_catalog;
set standard_conforming_strings = off;
set my.setting = 'left';
create temporary table left_behind (id int);
listen left_behind;
prepare left_behind as select 1;
declare left_behind cursor with hold for select 1;
set role {role};
"""

NOTHING_LEAKED = """do $$
begin
    if current_user <> session_user or current_setting('search_path') not like '%public%'
       or current_setting('standard_conforming_strings') <> 'on'
       or current_setting('statement_timeout') <> '15min' or current_setting('lock_timeout') <> '100ms'
       or current_setting('client_connection_check_interval') <> '1s'
       or nullif(current_setting('my.setting', true), '') is not null
       or to_regclass('pg_temp.left_behind') is not null
       or exists (select from pg_listening_channels()) or exists (select from pg_prepared_statements)
       or exists (select from pg_cursors where name = 'left_behind')
    then
        raise exception 'something of the file before is left';
    end if;
end
$$;
drop owned by {role};
drop role {role};
"""


@on_both
async def test_nothing_of_one_file_reaches_the_next(database: str, tmp_path: Path) -> None:
    role = one(database, "select 'leaking_' || current_database()")
    waived = '-- emr: waive = EM19 "so that it leaks"\n'
    write(tmp_path, "001_leaks", up=waived + LEAKS.format(role=role))
    write(tmp_path, "002_looks", up=NOTHING_LEAKED.replace("{role}", role))
    result = await go_up(database, tmp_path)
    assert result.error is None
    assert result.done == ["001", "002"]


SEEN = """-- emr: waive = EM01 "it only looks"
create table {name} as select s.name, s.setting, current_user::text as who, session_user::text as login
  from pg_settings s where s.name !~ '^transaction_|^application_name$'
"""


LEFT = {
    "reset": "reset all",
    "timeouts": "set lock_timeout = 0; set idle_in_transaction_session_timeout = 0; set statement_timeout = 0",
    "login": "set session authorization pg_monitor; reset role",
    "names": "set search_path = ''; set role pg_monitor",
    "read-only": "set default_transaction_read_only = on; set row_security = off; set datestyle = german",
}


@pytest.mark.parametrize("transaction", ["on", "off"])
async def test_every_file_finds_the_same_settings(database: str, tmp_path: Path, transaction: str) -> None:
    """What the server shows in the file after each of these is what it shows in the file before all of them."""
    header = f'-- emr: transaction = {transaction}\n-- emr: waive = EM19 "so that it leaks"\n'
    write(tmp_path, "100_before", up=SEEN.format(name="before"))
    for number, leaves in enumerate(LEFT.values(), 2):
        write(tmp_path, f"{number}00_leaves", up=f"{header}do $do$ begin {executing(leaves)} end $do$")
        write(tmp_path, f"{number}01_after", up=SEEN.format(name=f"after_{number}"))
    result = await go_up(database, tmp_path)
    assert (result.error, len(result.done)) == (None, 1 + 2 * len(LEFT))
    assert one(database, "select count(*) from before where name = 'lock_timeout' and setting = '100'") == 1
    for number, left in enumerate(LEFT, 2):
        after = f"after_{number}"
        differ = f"(table before except table {after}) union all (table {after} except table before)"
        assert (left, ask(database, differ)) == (left, [])


def executing(statements: str) -> str:
    """The same inside a block, where also files that run outside a transaction may say them."""
    return "".join(f"execute $ex${each.strip()}$ex$; " for each in statements.split(";"))


async def test_what_is_committed_is_done_even_if_the_session_is_of_no_use_then(database: str, tmp_path: Path) -> None:
    role = one(database, "select 'leaving_' || current_database()")
    ask(database, f"create role {role}; grant create on schema public to {role}")
    ask(database, f"grant create on database {one(database, 'select current_database()')} to {role}")
    write_tables(tmp_path, "first", "second")

    class Leaving(Told):
        """Somebody takes the role away as soon as the first migration is committed."""

        def append(self, event: Event) -> None:
            super().append(event)
            if event.event == "applied":
                ask(database, f"reassign owned by {role} to current_user; drop owned by {role}; drop role {role}")

    result = await go_up(database, tmp_path, Leaving(), role=role)
    assert (result.done, result.failed, result.not_started) == (["001"], None, ["002"])
    assert result.error is not None
    assert (result.exit, result.error.state) == (Exit.FAILED, "001_first was committed; the run stopped after it.")
    assert await states(database, tmp_path) == {"001": "applied", "002": "pending"}
    assert one(database, "select outcome from emr_console.run") == "failed"


async def test_a_mistake_of_ours_is_no_interruption(with_first: str, tmp_path: Path) -> None:
    write(tmp_path, "002_second", up="create table second (id int)")

    class Mistaken(Told):
        """Breaks while a statement runs."""

        def append(self, event: Event) -> None:
            super().append(event)
            if event.event == "statement":
                raise KeyError("John Doe")

    with pytest.raises(KeyError):
        await go_up(with_first, tmp_path, told := Mistaken())
    mistake, left = (str(event.message) for event in told.of("note"))
    assert mistake.startswith("Something unexpected happened inside emr-console (KeyError at test_up.py:")
    assert left == "002_second was rolled back; nothing of it was changed."
    assert told.of("interrupted") == []
    assert one(with_first, "select outcome from emr_console.run order by started_at desc limit 1") == "failed"
    assert (await go_up(with_first, tmp_path)).done == ["002"]


async def test_the_isolation_is_ours_whatever_the_database_says(database: str, tmp_path: Path) -> None:
    name = one(database, "select current_database()")
    ask(database, f"alter database {name} set default_transaction_isolation = 'repeatable read'")
    for number in ("001", "002"):
        write(
            tmp_path,
            f"{number}_leaks",
            up="set default_transaction_isolation = 'serializable'",
            verify="select 'it is ours' as name, current_setting('transaction_isolation') = 'read committed' as ok",
        )
    assert (await go_up(database, tmp_path)).done == ["001", "002"]


async def test_a_table_that_somebody_holds_keeps_nobody_from_another_one(with_first: str, tmp_path: Path) -> None:
    """Not even the look whether any table holds something waits for him."""
    write_tables(tmp_path, "first", "second")
    with psycopg.connect(with_first) as other:
        other.execute("lock table first in access exclusive mode")
        assert (await go_up(with_first, tmp_path)).done == ["002"]
