"""`emr-console migrate` as scripts and people use it: JSON, exit codes, sentences, questions."""

import re
from pathlib import Path

import psycopg

from console.cli.main import run
from console.errors import Exit
from tests.cli.conftest import Cli
from tests.cli.person import at_a_terminal
from tests.fixtures.pooler import Pooler
from tests.migrate.working import ask, one, tables, write
from tests.terminal import Terminal

ROW_KEYS = {"version", "name", "state", "drift", "batch", "applied_at", "duration", "flavour", "adopted", "manual"}


def test_status_and_up_as_json(cli: Cli) -> None:
    code, (found,) = cli.json("status")
    assert code == found["exit"] == 0
    assert {"as_of", "flavour", "server", "batch", "lock", "rows", "exit"} <= found.keys()
    assert all(row.keys() >= ROW_KEYS for row in found["rows"])
    assert [(row["version"], row["state"]) for row in found["rows"]] == [("001", "pending"), ("002", "pending")]
    code, events = cli.json("up", "--yes")
    assert code == 0
    assert all({"event", "version", "statement", "statements", "elapsed"} <= event.keys() for event in events[:-1])
    assert events[-1] == {
        "event": "result",
        "done": ["001", "002"],
        "failed": None,
        "not_started": [],
        "backup": None,
        "error": None,
        "exit": 0,
    }
    _, (found,) = cli.json("status")
    assert [(row["state"], row["batch"]) for row in found["rows"]] == [("applied", 1), ("applied", 1)]
    assert found["rows"][0]["applied_at"].endswith("Z")


def test_status_and_up_for_people(cli: Cli) -> None:
    assert cli("up", "--yes", "--to", "001") == (0, "version\toutcome\n001\tdone\n")
    code, out = cli("status")
    lines = [line.split("\t") for line in out.splitlines()]
    assert code == 0
    assert lines[0][:3] == ["version", "name", "state"]
    assert [line[:3] for line in lines[1:]] == [["001", "first", "applied"], ["002", "second", "pending"]]
    assert cli("up", "--yes") == (0, "version\toutcome\n002\tdone\n")
    assert "Applied 002_second." in cli.err


def test_waiting_for_a_lock_is_no_new_beginning(after_up: Cli) -> None:
    """How long it has been going on is counted from the first try."""
    header = "-- emr: lock_timeout = 400ms\n-- emr: stall_budget = 1600ms\n"
    write(after_up.folder, "003_wide", up=f"{header}alter table first add column more int")
    with psycopg.connect(after_up.dsn) as reader, at_a_terminal() as shown:
        reader.execute("select from first")
        assert after_up("up", "--yes")[0] == Exit.LOCK_BUDGET
    assert "Running 003_wide (1 statement) ..." in shown.text
    assert re.search(r"statement 1 of 1, line 3, [1-9] s", shown.text)


def test_quiet_is_quiet(cli: Cli) -> None:
    words = ["--quiet", "--dsn", cli.dsn, "migrate", "up", "--yes", "--migrations", str(cli.folder)]
    assert run(words) == 0
    cli("status")
    assert cli.err == "2 of 2 applied.\n"  # what status says, and nothing of what up did


def test_nothing_to_do(after_up: Cli) -> None:
    code, (note, result) = after_up.json("up")
    assert (code, note["event"], note["message"]) == (0, "note", "Nothing is pending.")
    assert result == {
        "event": "result",
        "done": [],
        "failed": None,
        "not_started": [],
        "backup": None,
        "error": None,
        "exit": 0,
    }


def test_a_failure(cli: Cli) -> None:
    write(cli.folder, "002_second", up="select 1;\nselect nothing")
    code, events = cli.json("up", "--yes")
    assert code == events[-1]["exit"] == Exit.FAILED
    assert events[-1]["done"] == ["001"]
    failed = events[-1]["failed"]
    assert failed.keys() == {"version", "statement", "sqlstate", "message", "file", "line"}
    assert (failed["file"], failed["line"], failed["sqlstate"]) == ("002_second.up.sql", 2, "42703")
    assert "002_second.up.sql, line 2: The server refused" in cli.err
    assert "nothing of it was changed" in cli.err


def test_what_others_have_changed_is_told_before_it_is_taken_in(cli: Cli) -> None:
    database = one(cli.dsn, "select current_database()")
    cli("up", "--yes", "--to", "001")
    ask(cli.dsn, f"create table intruder (id int); alter database {database} set emr.environment = 'production'")
    code, (found,) = cli.json("up", "--yes")
    assert (code, found["error"]["state"]) == (Exit.REFUSED, "Nothing was changed.")
    assert "On production it is migrated over only with a reason." in found["error"]["message"]
    code, events = cli.json("up", "--yes", "--reason", "the new ward")
    assert (code, events[0]["event"]) == (0, "note")
    assert events[0]["message"].startswith("The schema was changed by others since 20")
    assert events[0]["message"].endswith("UTC: 1 added (table public.intruder).")
    ask(cli.dsn, "drop table intruder")
    assert cli("down", "--last", "--confirm", database, "--reason", "for a test")[0] == 0
    assert "UTC: 1 removed (table public.intruder)." in cli.err
    _, (past,) = cli.json("history")
    assert [row["kind"] for row in past["rows"]] == ["rolled_back", "drifted", "applied", "drifted", "applied"]
    assert past["rows"][1]["run_kind"] == "down"


def test_without_a_terminal_up_needs_yes(cli: Cli) -> None:
    code, (found,) = cli.json("up")
    assert code == found["error"]["code"] == Exit.USAGE
    assert "this applies 001_first, 002_second. Without a terminal" in found["error"]["message"]
    assert found["error"]["hint"] == "Add --yes."
    assert tables(cli.dsn) == []


def test_out_of_order_needs_a_reason(cli: Cli) -> None:
    assert cli("up", "--yes", "--out-of-order")[0] == Exit.USAGE
    assert cli("up", "--yes", "--out-of-order", "--reason", "x")[0] == Exit.USAGE
    assert "The reason has 1 of 8 characters." in cli.err


def test_verify(after_up: Cli) -> None:
    assert after_up.json("verify") == (
        0,
        [
            {
                "rows": [
                    {"id": f"{v}.1", "name": f"{name} has a row", "ok": True}
                    | {"expected": None, "found": None, "remedy": None}
                    for v, name in (("001", "first"), ("002", "second"))
                ],
                "ok": True,
            }
        ],
    )
    ask(after_up.dsn, "truncate first")
    code, out = after_up("verify")
    assert code == Exit.FINDINGS
    assert "001.1\tfirst has a row\tNO" in out
    assert "1 of 2 checks hold." in after_up.err


def test_an_unreadable_folder(cli: Cli) -> None:
    cli.folder = cli.folder / "nowhere"
    for action in ("status", "up", "verify"):
        code, (found,) = cli.json(action)
        assert code == Exit.USAGE
        assert "cannot be read" in found["error"]["message"]


def test_through_a_pooler(cli: Cli, pgbouncer: Pooler) -> None:
    cli.dsn = pgbouncer.dsn("postgres")
    for words in (["status"], ["up", "--yes"], ["verify"], ["down", "--last", "--yes", "--reason", "for a test"]):
        code, (found,) = cli.json(*words)
        assert code == Exit.USAGE
        assert "is a connection pooler" in found["error"]["message"]


def test_the_role_of_the_profile(cli: Cli, home: Path) -> None:
    role = f"owner_{one(cli.dsn, 'select current_database()')}"
    ask(cli.dsn, f"create role {role} nologin")
    ask(cli.dsn, f"grant create on database {one(cli.dsn, 'select current_database()')} to {role}")
    ask(cli.dsn, f"grant create on schema public to {role}")
    config = home / "config" / "emr-console"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(f'[profiles.test]\ndsn = "{cli.dsn}"\nmigrate.role = "{role}"\n')
    try:
        assert run(["--profile", "test", "migrate", "up", "--yes", "--migrations", str(cli.folder)]) == 0
        assert one(cli.dsn, "select tableowner from pg_tables where tablename = 'first'") == role
    finally:
        ask(cli.dsn, f"drop owned by {role} cascade")
        ask(cli.dsn, f"drop role {role}")


def test_questions_on_a_terminal(cli: Cli) -> None:
    with at_a_terminal({"this applies 001_first, 002_second. Go on? [y/N] ": "y"}):
        assert cli("up")[0] == 0
    with at_a_terminal({"Type 001_first to go on: ": "002_second"}):  # how far back it reaches
        assert cli("down", "--batch")[0] == Exit.REFUSED
    with Terminal(cli.command("down", "--last"), columns=200) as terminal:
        terminal.wait_for("Type 002_second to go on:")
        terminal.send("002_second\n")
        terminal.wait_for("Why, for the record:")
        terminal.send("it was wrong\n")
        assert terminal.wait() == 0
    assert tables(cli.dsn) == ["first"]
    assert one(cli.dsn, "select reason from emr_console.run where kind = 'down'") == "it was wrong"
