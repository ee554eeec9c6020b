"""The twins of the database pane: database, tables, indexes, replication, progress."""

import json
from typing import Any

import psycopg
import pytest

from console.cli.main import run

PROMISED = {
    "database": "database level bytes approximate connections connection_limit in_recovery transactions_per_second"
    " hit_ratio heap_hit_ratio index_hit_ratio deadlocks counted_since frozen_age multixact_age checkpoints_timed"
    " checkpoints_requested commits rollbacks temp_files temp_bytes wal_bytes client_bytes client_fsyncs"
    " autovacuum_workers autovacuum_limit freeze_limit multixact_limit tls tls_version tls_cipher tables live_rows"
    " dead_rows analyzed_at settings pending_restart findings",
    "tables": "schema table kind parts bytes approximate index_bytes rows dead_rows level changed_rows seq_scans"
    " index_scans last_vacuum last_analyze",
    "indexes": "schema table index parts bytes approximate scans unique primary constraint invalid building unused"
    " duplicate_of covered_by definition drop undo",
    "replication": "kind name state level remark lag_bytes lag_seconds kept_bytes detail",
}


def answered(dsn: str, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What a command prints with --json."""
    assert run(["--dsn", dsn, *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert set(found) == {"as_of", "flavour", "server", "rows"}
    return found


def test_json_holds_what_it_promises(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    with psycopg.connect(pg18_migrated, autocommit=True) as admin:
        admin.execute("select pg_create_physical_replication_slot('forgotten', true)")
        try:
            for name, keys in PROMISED.items():
                rows = answered(pg18_migrated, capsys, name)["rows"]
                assert set(rows[0]) == set(keys.split()), name
        finally:
            admin.execute("select pg_drop_replication_slot('forgotten')")
    assert answered(pg18_migrated, capsys, "progress")["rows"] == []


def test_exact_sizes_are_measured(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    tables = {row["table"]: row for row in answered(pg18_migrated, capsys, "tables", "--exact")["rows"]}
    indexes = {row["index"]: row for row in answered(pg18_migrated, capsys, "indexes", "--exact")["rows"]}
    (whole,) = answered(pg18_migrated, capsys, "database", "--exact")["rows"]
    truth = (
        "select pg_total_relation_size('tasks'), pg_relation_size('tasks_pkey'), pg_database_size(current_database())"
    )
    found = tables["tasks"], indexes["tasks_pkey"], whole
    with psycopg.connect(pg18_migrated) as admin:
        assert admin.execute(truth.format(whole["database"]).encode()).fetchone() == tuple(
            row["bytes"] for row in found
        )
    assert not any(row["approximate"] for row in found)


def test_a_person_reads_lines(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (*PROMISED, "progress"):
        assert run(["--dsn", pg18_migrated, name]) == 0
        heading, *lines = capsys.readouterr().out.splitlines()
        assert all(line.count("\t") == heading.count("\t") for line in lines)
        assert bool(lines) is (name in {"database", "tables", "indexes"}), name
