"""The settings between two files, as the server has them."""

from pathlib import Path

import pytest

from console.db.session import Session
from console.migrate import settings, tries
from tests.migrate.servers import on_both
from tests.migrate.working import ask, go_up, one, write_tables
from tests.targets import target

SET = (
    "select name, setting from pg_settings where name = any(string_to_array("
    "'lock_timeout,statement_timeout,idle_in_transaction_session_timeout,idle_session_timeout,transaction_timeout,"
    "standard_conforming_strings,quote_all_identifiers,row_security,default_transaction_isolation', ','))"
)


@on_both
async def test_they_are_ours_and_wait_no_longer_than_a_try(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "STATEMENT_TIMEOUT", 12_345)
    ask(database, f"alter database {one(database, 'select current_database()')} set quote_all_identifiers = on")
    async with await Session.open(target(database), "test") as session:
        await settings.begin(session, None)
        found = dict((await session.rows(SET))[1])
        assert found == {
            "lock_timeout": str(tries.LONGEST_WAIT),
            "statement_timeout": "12345",
            "idle_in_transaction_session_timeout": "0",
            "idle_session_timeout": "0",
            **({"transaction_timeout": "0"} if session.major >= 17 else {}),
            "standard_conforming_strings": "on",
            "quote_all_identifiers": "off",
            "row_security": "off",
            "default_transaction_isolation": "read committed",
        }


async def test_a_database_that_lets_nothing_run_for_long(pg18_database: str, tmp_path: Path) -> None:
    """The settings come with the session's start: its first statements would be ended before they could be made."""
    write_tables(tmp_path, "first")
    ask(pg18_database, f"alter database {one(pg18_database, 'select current_database()')} set statement_timeout = 1")
    assert (await go_up(pg18_database, tmp_path)).error is None
