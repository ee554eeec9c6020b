"""`emr-console locks` against real locks."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from console.cli.main import run

PROMISED = "pid depth root blocks waited mode_held mode_wanted relation state transaction_age query"


@contextmanager
def contention(dsn: str) -> Iterator[tuple[int, int]]:
    """Somebody waits for a table; the pids of who holds it and who waits."""
    with (
        psycopg.connect(dsn, autocommit=True, application_name="holder \x1b]52;c;eA\x07 [/]") as holder,
        psycopg.connect(dsn, autocommit=True, application_name="waiter") as waiter,
    ):
        holder.execute("create table t (v text)")
        holder.execute("begin; lock table t in exclusive mode")
        waiter.pgconn.send_query(b"update t set v = 'Doe, 123-45-6789'")
        asked = "select 1 from pg_locks where pid = %s and not granted"
        while holder.execute(asked, [waiter.info.backend_pid]).fetchone() is None:
            pass
        yield holder.info.backend_pid, waiter.info.backend_pid
        holder.execute("rollback")
        while waiter.pgconn.get_result():
            pass


def test_json_holds_the_contract_and_no_literal(pg18_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    with contention(pg18_database) as (holder, waiter):
        assert run(["--dsn", pg18_database, "locks", "--json"]) == 0
    out = capsys.readouterr().out
    found = json.loads(out)
    assert set(found) == {"as_of", "flavour", "server", "rows"}
    rows = {row["pid"]: row for row in found["rows"]}
    assert all(set(PROMISED.split()) <= set(row) for row in rows.values())
    assert [row["pid"] for row in found["rows"] if row["pid"] in {holder, waiter}] == [holder, waiter]
    assert (rows[waiter]["depth"], rows[waiter]["root"], rows[waiter]["blocked_by"]) == (1, holder, [holder])
    assert (rows[holder]["mode_held"], rows[waiter]["mode_wanted"]) == ("ExclusiveLock", "RowExclusiveLock")
    assert rows[waiter]["query"] == "update t set v = ?"
    assert "\x1b" not in out


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_person_reads_a_tree_in_what_his_terminal_can_write(
    pg18_database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr(type(sys.stdout), "encoding", encoding)
    with contention(pg18_database) as (holder, waiter):
        assert run(["--dsn", pg18_database, "locks"]) == 0
    out = capsys.readouterr().out
    cells = [line.split("\t") for line in out.splitlines()]
    lines = {line[0]: line for line in cells}
    assert cells[0][:3] == ["session", "blocks", "waited"]
    assert lines[str(holder)][1] == "1"
    assert f"{'└─' if encoding == 'utf-8' else '+-'}{waiter}" in lines
    assert "\x1b" not in out


def test_nobody_waits(pg18_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--dsn", pg18_database, "locks"]) == 0
    assert "session\tblocks" in capsys.readouterr().out
