"""What `emr-console migrate` asks, says and needs before it rolls back, and what a plan finds in the way."""

import pytest

from console.errors import Exit
from tests.cli.conftest import Cli
from tests.migrate.working import ask, one, tables, write


def labelled(cli: Cli, environment: str | None) -> str:
    """The name of the database, which calls itself that from now on."""
    database = str(one(cli.dsn, "select current_database()"))
    if environment:
        ask(cli.dsn, f"alter database {database} set emr.environment = '{environment}'")
    return database


def test_exactly_what_a_rollback_still_needs_is_named(after_up: Cli) -> None:
    """Whatever is missing changes nothing, so that one database is enough for all of it."""
    why, database = ("--reason", "for a test"), labelled(after_up, None)
    for words, needs, hint in (
        (["--last"], Exit.USAGE, "Add --yes and --reason TEXT."),
        (["--last", "--yes"], Exit.USAGE, "Add --reason TEXT."),
        (["--last", *why], Exit.USAGE, "Add --yes."),
        (["--all"], Exit.REFUSED, "Add --confirm DATABASE and --reason TEXT."),
        (["--all", "--yes"], Exit.REFUSED, "Add --confirm DATABASE and --reason TEXT. --yes is not enough here."),
        (["--all", "--yes", *why], Exit.REFUSED, "Add --confirm DATABASE. --yes is not enough here."),
        (["--all", "--confirm", database], Exit.USAGE, "Add --reason TEXT."),
    ):
        code, (found,) = after_up.json("down", *words)
        assert (code, found["error"]["hint"], found["error"]["state"]) == (needs, hint, "Nothing was changed."), words
    assert after_up("down", "--all", "--confirm", "another", *why)[0] == Exit.REFUSED
    assert after_up("down")[0] == after_up("down", "--all", "--last")[0] == Exit.USAGE
    assert tables(after_up.dsn) == ["first", "second"]


def test_what_a_rollback_of_production_needs(after_up: Cli) -> None:
    why, database = ("--reason", "for a test"), labelled(after_up, "production")
    for words, needs in (
        (["--last"], Exit.REFUSED),
        (["--last", "--yes"], Exit.REFUSED),
        (["--last", "--yes", *why], Exit.REFUSED),
        (["--to", "001", "--yes", *why], Exit.REFUSED),
        (["--all", "--yes", *why], Exit.REFUSED),
        (["--all", "--confirm", "another", *why], Exit.REFUSED),
        (["--all", "--confirm", database], Exit.USAGE),
    ):
        assert after_up("down", *words)[0] == needs, words
    assert tables(after_up.dsn) == ["first", "second"]


@pytest.mark.parametrize("environment", [None, "production"])
def test_what_is_enough_for_a_rollback(after_up: Cli, environment: str | None) -> None:
    database = labelled(after_up, environment)
    for words in [] if environment else [["--last", "--yes"], ["--to", "001", "--yes"]]:
        assert after_up("down", *words, "--reason", "for a test")[0] == Exit.OK, words
        assert tables(after_up.dsn) == ["first"]
        after_up("up", "--yes")
    for words, kept in ((["--last"], ["first"]), (["--all"], [])):
        assert after_up("down", *words, "--confirm", database, "--reason", "for a test")[0] == Exit.OK, words
        assert tables(after_up.dsn) == kept


def test_down_as_json_lines(after_up: Cli) -> None:
    code, events = after_up.json("down", "--last", "--yes", "--reason", "for a test")
    assert (code, events[-1]["done"], events[0]["event"]) == (0, ["002"], "started")
    assert "this rolls back 002_second. Tables and columns that came with it go, with all rows" in after_up.err


def test_what_a_rollback_leaves_is_said(cli: Cli) -> None:
    kept = '-- emr: partial_inverse = "the rows stay in first_backup"\n'
    down = f"{kept}alter table first rename to first_backup"
    write(cli.folder, "001_first", up="create table first as select 1", down=down)
    cli("up", "--yes")
    database = one(cli.dsn, "select current_database()")
    code, _ = cli("down", "--all", "--confirm", database, "--reason", "for a test")
    assert code == Exit.OK
    assert "rolls back 002_second, 001_first. Tables and columns that came with them go" in cli.err
    assert "What stays of 001: the rows stay in first_backup." in cli.err


def test_a_rollback_that_takes_no_rows_warns_of_none(after_up: Cli) -> None:
    up, down = "alter table second add constraint small check (id < 9)", "alter table second drop constraint small"
    write(after_up.folder, "003_third", up=up, down=down)
    after_up("up", "--yes")
    assert after_up("down", "--last", "--yes", "--reason", "for a test")[0] == Exit.OK
    assert "this rolls back 003_third." in after_up.err
    assert "Tables and columns" not in after_up.err


@pytest.mark.parametrize(
    ("up", "down", "goes_along"),
    [
        ("create schema ward; create table ward.bed as select 1 as a", "drop schema ward cascade", "ward.bed"),
        ("create type size as enum ('s'); alter table first add tall size", "drop type size cascade", "first.tall"),
    ],
    ids=["schema", "type"],
)
def test_a_rollback_of_which_more_goes_than_it_names_warns(after_up: Cli, up: str, down: str, goes_along: str) -> None:
    write(after_up.folder, "003_third", up=up, down=f"-- emr: cascades_to = {goes_along}\n{down}")
    after_up("up", "--yes")
    assert after_up("down", "--last", "--yes", "--reason", "for a test")[0] == Exit.OK, after_up.err
    assert "this rolls back 003_third. Tables and columns that came with it go" in after_up.err


def test_a_plan_that_a_legal_hold_stands_in_the_way_of_is_a_finding(after_up: Cli) -> None:
    assert after_up("plan", "down", "--last")[0] == Exit.OK
    placed = (
        "insert into emr_console.hold (table_schema, table_name, name, reason, placed_by) values (%s, %s, %s, %s, %s)"
    )
    ask(after_up.dsn, placed, "public", "second", "case 17", "a subpoena", "ana")
    code, (found,) = after_up.json("plan", "down", "--last")
    assert (code, found["holds"][0]["table"]) == (Exit.FINDINGS, "public.second")
    assert after_up("plan", "down", "--to", "002")[0] == Exit.OK, "nothing of it is held"


def test_a_plan_that_keeps_writers_waiting_is_a_finding(after_up: Cli) -> None:
    ask(after_up.dsn, "update pg_class set reltuples = 6e6, relpages = 1 where relname = 'second'")
    write(after_up.folder, "003_third", up="alter table second add constraint some check (true)")
    code, said = after_up("plan")
    assert code == Exit.FINDINGS
    assert "writers wait for about 10 s: needs --accept-stall 10" in said


def test_a_plan_says_which_rows_have_to_stay(cli: Cli) -> None:
    write(cli.folder, "003_audit", up="create table audit_logs (created_at timestamptz)", down="drop table audit_logs")
    assert cli("up", "--yes")[0] == Exit.OK
    ask(cli.dsn, "insert into audit_logs values (now() - interval '2556 days')")
    assert cli("plan", "down", "--last")[0] == Exit.OK
    ask(cli.dsn, "insert into audit_logs values (now() - interval '2554 days')")
    code, said = cli("plan", "down", "--last")
    assert code == Exit.FINDINGS
    assert "audit_logs has audit rows younger than 2,555 days, which have to be kept: needs --emergency" in said
