"""Which pg_dump is taken, and what is told when it fails; with small programs that only answer."""

from pathlib import Path

import pytest

from console.errors import ConsoleError, Exit, Unsupported
from console.migrate.backup import programs
from tests.migrate.backup.making import back_up, left


def install(folder: Path, version: str, then: str = "exit 0") -> Path:
    """A pg_dump and pg_restore that tell this version and otherwise do what `then` says."""
    folder.mkdir()
    for name in ("pg_dump", "pg_restore"):
        program = folder / name
        program.write_text(
            f'#!/bin/sh\nif [ "$1" = --version ]; then echo "{name} (PostgreSQL) {version}"; exit; fi\n{then}\n'
        )
        program.chmod(0o700)
    return folder / "pg_dump"


async def test_the_server_s_own_version_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = install(tmp_path / "newer", "97.1")
    monkeypatch.setenv("PATH", f"{newer.parent}:/usr/bin:/bin")
    assert (await programs.find(97)).pg_dump == newer
    assert (await programs.find(96)).version == "97.1"
    assert (await programs.find(18)).version.startswith("18.")


async def test_a_configured_one_is_not_replaced(tmp_path: Path) -> None:
    old = install(tmp_path / "old", "12.3")
    with pytest.raises(Unsupported, match=r"needs pg_dump and pg_restore 18 or newer at .*; there is 12\.3"):
        await programs.find(18, old)
    assert (await programs.find(12, old)).pg_restore == old.with_name("pg_restore")
    with pytest.raises(Unsupported, match="there is none"):
        await programs.find(12, tmp_path / "absent")


async def test_one_without_pg_restore_is_none(tmp_path: Path) -> None:
    alone = install(tmp_path / "alone", "18.6")
    alone.with_name("pg_restore").unlink()
    with pytest.raises(Unsupported, match="there is none"):
        await programs.find(18, alone)


async def test_a_wrapper_that_chooses_by_itself_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped = install(tmp_path / "bin", "97.1")
    wrapped.rename(tmp_path / "pg_wrapper")
    wrapped.symlink_to(tmp_path / "pg_wrapper")
    monkeypatch.setenv("PATH", f"{wrapped.parent}:/usr/bin:/bin")
    with pytest.raises(Unsupported):
        await programs.find(97)


async def test_its_last_words_hold_no_data(pg18_database: str, tmp_path: Path) -> None:
    complaint = "echo 'pg_dump: error: query failed: ERROR:  no date: \"Doe, John\" (1970)' >&2; exit 3"
    failing = install(tmp_path / "bin", "18.6", complaint)
    with pytest.raises(ConsoleError) as caught:
        await back_up(pg18_database, tmp_path / "backups", pg_dump=failing)
    assert caught.value.exit == Exit.BACKUP_FAILED
    assert caught.value.message == "pg_dump failed (exit 3): query failed: ERROR: no date: ? ?"
    assert left(tmp_path / "backups") == []
