"""On TimescaleDB's test server, one session for everybody, nothing is rehearsed: names and checks speak."""

from pathlib import Path

import pytest

from console.migrate.rehearsal.refusal import NotRehearsed
from tests.fixtures.timescale import Timescale
from tests.migrate.adopt.test_adopt import by_hand, take, verdicts
from tests.migrate.rehearsal.staging import rehearse_up
from tests.migrate.working import write_tables


async def test_nothing_is_rehearsed(timescale: Timescale, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    with pytest.raises(NotRehearsed, match="every connection of this server is the same session"):
        await rehearse_up(timescale.dsn(), tmp_path)


async def test_it_is_adopted_by_names_and_checks(timescale: Timescale, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    by_hand(timescale.dsn(), tmp_path, "001_first")
    found = await take(timescale.dsn(), tmp_path)
    assert str(found.survey.note).startswith("not rehearsed: every connection of this server is the same session")
    assert (found.done, verdicts(found.survey)) == (["001"], ["001 adopt", "002 pending"])
