"""What a person did is written down: in the table, else in a file of his own."""

import json
import pwd
import stat
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from console.db.database import LANES
from console.db.session import Session
from console.services.events import Action, Kept, beside, record_action
from tests.targets import target

HOSTILE = "Dr. O'Brien \x1b]52;c;aGk=\x07 \u202e [/] \0 \udc80 東京"
ACTION = Action("session.terminate", "pid 4711 of emr_app", "stuck since noon", "select pg_terminate_backend(?)")


async def record(dsn: str, action: Action = ACTION, *, user: Mapping[str, str] | None = None) -> Kept:
    """Record one action as a console would."""
    async with await Session.open(target(dsn, **(user or {})), "act", settings=LANES["act"]) as session:
        return await record_action(session, action, "gone", {"blocks": 3})


def in_file(kept: Kept) -> dict[str, object]:
    """The only line of the file."""
    assert kept.file is not None
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    (line,) = kept.file.read_text("ascii").splitlines()
    return dict(json.loads(line))


async def test_a_row(pg18_migrated: str, home: Path) -> None:
    kept = await record(pg18_migrated)
    assert kept == Kept()
    with psycopg.connect(pg18_migrated) as connection:
        row = connection.execute("select kind, operator, detail, now() - at < '1 min' from emr_console.event "
                                 "order by id desc limit 1").fetchone()  # fmt: skip
    assert row is not None
    kind, operator, detail, fresh = row
    assert (kind, "@" in operator, fresh) == ("session.terminate", True, True)
    assert detail == {
        "target": ACTION.target, "reason": ACTION.reason, "sql": ACTION.sql, "outcome": "gone", "blocks": 3,
        "logged_in_as": "postgres", "acted_as": "postgres",
    }  # fmt: skip


async def test_hostile_words_are_kept(pg18_migrated: str, home: Path) -> None:
    assert await record(pg18_migrated, Action("session.cancel", HOSTILE, HOSTILE, HOSTILE)) == Kept()
    with psycopg.connect(pg18_migrated) as connection:
        row = connection.execute("select detail from emr_console.event order by id desc limit 1").fetchone()
    assert row is not None
    assert row[0]["target"] == row[0]["sql"] == HOSTILE.replace("\0", "\ufffd").replace("\udc80", "?")


async def test_without_the_table_it_goes_into_a_file(pg18_database: str, home: Path) -> None:
    kept = await record(pg18_database)
    found = in_file(kept)
    assert {"at", "database", "operator"} < found.keys()
    assert (found["kind"], found["target"], found["outcome"], found["blocks"]) == (
        "session.terminate", ACTION.target, "gone", 3,
    )  # fmt: skip
    assert str(kept.file) in kept.sentence


async def test_a_file_with_open_mode_is_closed_and_a_link_is_not_followed(pg18_database: str, home: Path) -> None:
    first = await record(pg18_database)
    assert first.file is not None
    first.file.chmod(0o644)
    await record(pg18_database)
    assert stat.S_IMODE(first.file.stat().st_mode) == 0o600
    assert len(first.file.read_text().splitlines()) == 2
    elsewhere = home / "elsewhere"
    first.file.rename(elsewhere)
    first.file.symlink_to(elsewhere)
    lost = await record(pg18_database)
    assert (lost.file, len(elsewhere.read_text().splitlines())) == (None, 2)
    assert lost.sentence == f"It is recorded nowhere: {lost.why}"


@pytest.fixture
def stranger(pg18_migrated: str) -> dict[str, str]:
    """A role that may not write into the ledger."""
    with psycopg.connect(pg18_migrated, autocommit=True) as admin:
        admin.execute("drop role if exists event_stranger")
        admin.execute(sql.SQL("create role event_stranger login password 'x'"))
    return {"user": "event_stranger", "password": "x", "passfile": "/nonexistent"}


async def test_refused_it_goes_into_a_file(pg18_migrated: str, home: Path, stranger: dict[str, str]) -> None:
    kept = await record(pg18_migrated, user=stranger)
    assert in_file(kept)["reason"] == ACTION.reason
    assert "42501" in kept.why


def test_an_account_without_a_home_is_told_that_nothing_keeps_its_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it did is done; it must not look as if it had failed."""

    def nobody(number: int) -> None:
        raise KeyError(number)

    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    kept = beside({"kind": "session.cancel"}, "The ledger does not take it.")
    assert kept.why == (
        "The ledger does not take it. The file could not be written: Where your files are is unknown: HOME names no"
        " folder, and your account has none."
    )
