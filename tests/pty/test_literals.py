"""No value of anybody's statement leaves the console: by screen, script, log, recording or clipboard."""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from psycopg.pq.abc import PGconn

from console.cli.main import run
from console.db.database import Database
from console.demo.server import Cluster
from console.recorded import RECORDED
from console.services.history.models import Limits
from console.services.history.reading import Reader
from console.services.history.recorder import Recorder
from console.services.history.writing import Writer
from tests.fixtures.databases import fresh
from tests.pty.test_console import console
from tests.targets import target
from tests.terminal import ESC, Terminal

WORD, NUMBER = "Qzjxdoe", "4711815293"
"""What stands in every literal, as a patient's name and his number would."""

STATEMENTS = (
    f"select '{WORD}', {NUMBER}",
    f"select E'it\\'s {WORD}' as escaped, -{NUMBER}.5e0 as number",
    f"select U&'\\0041 {WORD}', N'{WORD}', $q${WORD} ' {NUMBER}$q$ as dollars",
    f"select 1 /* {WORD} /* {NUMBER} */ */ -- {WORD}\n",
    f"do $body$ begin perform '{WORD}', {NUMBER}; end $body$",
    f"select * from people where name in ('{WORD}', '{WORD} {NUMBER}') or id = {NUMBER}",
    f"select '{'a' * 500}{WORD}{'b' * 600}'",  # cut by the server, amid the literal
    f"copy (select '{WORD}', {NUMBER}) to stdout",
    f"comment on table people is '{WORD} {NUMBER}'",  # whose values pg_stat_statements keeps, as of the next ones
    f"prepare p as select '{WORD}', {NUMBER}",
    f"create view named as select '{WORD}'::text as name, {NUMBER} as number",
    f"declare c cursor with hold for select '{WORD}', {NUMBER}",
)
"""What sessions have run last, each its own."""

FAILING = f"select '{WORD} {NUMBER}'::int"
PREPARED = (f"{WORD} {NUMBER}", f"visit-{WORD}-{NUMBER}")
"""Names of prepared transactions, which applications make up; the first one blocks somebody."""
WAITED_FOR = f"update people set name = '{WORD}' where id = {NUMBER}"
TWINS = ("sessions", "locks", "statements", "health", "database", "tables", "indexes", "progress", "replication")


@pytest.fixture(scope="module")
def busy(pg18: Cluster) -> Iterator[str]:
    """One that runs, fails, copies, waits and is waited for, one of each of STATEMENTS, and what is PREPARED."""
    with fresh(pg18) as dsn, ExitStack() as stack:
        admin = stack.enter_context(psycopg.connect(dsn, autocommit=True))
        admin.execute("create extension pg_stat_statements")
        admin.execute("select pg_stat_statements_reset()")  # what other tests did on this server would stand before
        admin.execute(f"create table people as select {NUMBER}::bigint as id, '{WORD}' as name".encode())
        for number, statement in enumerate((*STATEMENTS, FAILING)):
            _connected(stack, dsn, f"app-{number}").exec_(statement.encode())
        _connected(stack, dsn, "copying").exec_(b"copy people from stdin")
        _connected(stack, dsn, "blocker").exec_(f"begin; {WAITED_FOR}".encode())
        _connected(stack, dsn, "waiter").send_query(WAITED_FOR.encode())
        wait_for_sleepers(admin, 1)
        for gid in PREPARED:
            admin.execute(f"begin; create table {gid[:5]} (); prepare transaction '{gid}'".encode())
            stack.callback(admin.execute, f"rollback prepared '{gid}'".encode())
        _connected(stack, dsn, "waiter").send_query(f"create table {PREPARED[0][:5]} ()".encode())
        wait_for_sleepers(admin, 2)
        yield dsn


def wait_for_sleepers(admin: psycopg.Connection, number: int) -> None:
    """Wait until so many wait for a lock."""
    asleep = "select count(*) from pg_stat_activity where application_name = 'waiter' and wait_event_type = 'Lock'"
    while admin.execute(asleep.encode()).fetchone() != (number,):
        pass


def _connected(stack: ExitStack, dsn: str, name: str) -> PGconn:
    """A session that may be left amid anything."""
    session = psycopg.connect(dsn, application_name=name, autocommit=True)
    stack.callback(session.close)
    return session.pgconn


def leaks(*written: str | bytes) -> list[str]:
    """Everything around a value that was let through."""
    texts = [text if isinstance(text, str) else text.decode("utf-8", "replace") for text in written]
    found = re.compile(f"{WORD}|{NUMBER}", re.IGNORECASE)
    return [text[max(match.start() - 80, 0) : match.end() + 20] for text in texts for match in found.finditer(text)]


def copied(written: bytes) -> list[bytes]:
    """What was sent to the clipboard."""
    return [base64.b64decode(data) for data in re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)", written)]


def look_into_rows(shown: Terminal, rows: int) -> None:
    """Copy some rows in every form, and open their pages."""
    for _ in range(rows):
        shown.send("yY\r")
        shown.wait_for("without its values")
        shown.send(f"y{ESC}")
        shown.wait_without("without its values")
        shown.send("j")


def test_the_screen_and_the_clipboard(busy: str, home: Path) -> None:
    with console(busy, columns=200, lines=34, options=("--pane", "sessions")) as shown:
        for keys, pattern, rows in (
            ("2", r"select \?, \?", 6),
            ("3", "blocker", 2),
            ("4/people\r", "comment on table", 2),
        ):
            shown.send(keys)
            shown.wait_for(pattern)
            look_into_rows(shown, rows)
        shown.send("v")
        shown.wait_for("is being measured")
        shown.send("r")
        shown.wait_for("statements ended")
        for key, pattern in (("1", "to look at|critical|well"), ("5", "Summary.*t next")):
            shown.send(key)
            shown.wait_for(pattern)
            shown.wait_for(" live")
        shown.send("q")
        assert shown.wait() == 0
    assert len(copied(bytes(shown.raw))) >= 10
    assert leaks(bytes(shown.raw), *copied(bytes(shown.raw))) == []


@pytest.mark.usefixtures("home")
def test_scripts_and_logs(busy: str, capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    for twin in TWINS:
        for more in ([], ["--json"]):
            run(["--verbose", "--trace-sql", "--dsn", busy, twin, *more])
            said += capsys.readouterr()
    assert any("select ?, ?" in text for text in said)
    assert any("console.panes.sessions/sessions" in text for text in said)
    assert leaks(*said) == []


async def test_recordings(busy: str, tmp_path: Path) -> None:
    path = tmp_path / "night"
    async with Database(target(busy)) as db:
        with Writer(path, {}, "a test", Limits()) as writer:
            moment = await Recorder(db, RECORDED, writer).moment()
            writer.add(moment)
    with Reader(path) as reader:
        found = [reader.part(pane.name, moment.at) for pane in RECORDED]
    bodies = [each.part.body for each in found if each is not None]
    assert len(bodies) == len(RECORDED)
    assert any(b"select ?, ?" in body for body in bodies)
    assert any(b"xid " in body for body in bodies), "a prepared transaction"
    assert leaks(*bodies, path.read_bytes()) == []


def test_an_action_and_its_event(busy: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with psycopg.connect(busy, autocommit=True) as victim:
        victim.execute(STATEMENTS[0].encode())
        assert run(["--dsn", busy, "sessions", "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)["rows"]
        (started,) = [row["backend_start"] for row in rows if row["pid"] == victim.info.backend_pid]
        asked = ["session", "terminate", str(victim.info.backend_pid), "--started", started, "--yes"]
        assert run(["--dsn", busy, *asked, "--reason", "it was in the way"]) == 0
    said = capsys.readouterr()
    (events,) = home.rglob("events.jsonl")
    assert "select ?, ?" in events.read_text()
    assert leaks(said.out, said.err, events.read_text()) == []
