"""The storage pane's twins on the command line; their figures are looked after in tests/services/storage."""

import json
from typing import Any

import pytest

from console.cli.main import run
from tests.migrate.working import ask, one

KEYS = {
    "hypertables": {"table", "kind", "chunks", "compressed_chunks", "bytes", "approximate", "ratio", "rows_per_batch",
                    "chunk_interval", "compress_after", "drop_after"},
    "chunks": {"table", "chunk", "range_start", "range_end", "state", "bytes", "created", "next_to_drop"},
    "aggregates": {"view", "kind", "watermark", "lag", "realtime", "pending_ranges", "orphan_ranges", "last_refresh"},
    "retention": {"table", "mechanism", "drop_after", "floor", "oldest", "next_drop", "hold", "conflict"},
}  # fmt: skip
"""What --json promises of each."""


def answer(capsys: pytest.CaptureFixture[str], dsn: str, *command: str) -> dict[str, Any]:
    """What a twin prints with --json."""
    assert run(["--dsn", dsn, *command, "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_each_twin_prints_what_is_promised(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    ask(pg18_migrated, "analyze")
    for command, keys in KEYS.items():
        found = answer(capsys, pg18_migrated, command)
        assert {"as_of", "flavour", "server", "rows"} <= set(found)
        assert "unavailable" not in found
        assert found["rows"]
        assert all(set(row) >= keys for row in found["rows"])
        assert run(["--dsn", pg18_migrated, command]) == 0
        assert len(capsys.readouterr().out.splitlines()) == len(found["rows"]) + 1


def test_chunks_of_one_table(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = answer(capsys, pg18_migrated, "chunks", "public.audit_log_details")["rows"]
    assert {row["table"] for row in rows} == {"audit_log_details"}
    inherits = "select count(*) from pg_inherits where inhparent = 'audit_log_details'::regclass"
    assert len(rows) == one(pg18_migrated, inherits)
    assert [row["state"] for row in rows][-1] == "default"
    assert run(["--dsn", pg18_migrated, "chunks", "tasks"]) == 2
    assert "There are: audit_log_details, audit_logs." in capsys.readouterr().err


def test_an_empty_database_has_nothing_to_tell(pg18_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in KEYS:
        assert answer(capsys, pg18_database, command)["rows"] == []
    assert run(["--dsn", pg18_database, "retention"]) == 0
    assert "No table here is divided" in capsys.readouterr().err
