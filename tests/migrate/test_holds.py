"""A legal hold that is placed while a rollback is on its way stops it, whichever way it goes."""

from pathlib import Path

import pytest

from console.errors import Exit, Refused
from console.migrate.holds import KEY
from console.migrate.reports import Event, Result
from tests.migrate.emergency.rolling import Writer, roll_back
from tests.migrate.working import Told, ask, go_down, go_up, one, states, tables, write

PLACE = """
insert into emr_console.hold (table_schema, table_name, name, reason, placed_by)
values ('public', 'second', 'case 17', 'a subpoena', 'ana')
"""
FREE = """
update emr_console.hold set released_at = now(), released_by = 'ana', released_as = 'ana', release_reason = 'closed'
 where released_at is null
"""
HELD = 'This would destroy what public.second holds, which is under legal hold: "case 17" of ana.'


def refused(result: Result, said: str = HELD) -> None:
    """It was stopped by the hold, and what it had begun is rolled back."""
    assert (result.done, result.exit) == ([], Exit.REFUSED)
    assert result.error is not None
    assert said in result.error.message


async def test_a_hold_that_comes_after_the_first_look(with_second: str, tmp_path: Path) -> None:
    result = await go_down(with_second, tmp_path, Writer(with_second, PLACE, after="migration"))
    refused(result)
    assert result.error is not None
    assert result.error.state == "Its transaction was rolled back; nothing of it was changed."
    assert set((await states(with_second, tmp_path)).values()) == {"applied"}
    ask(with_second, FREE)
    backups = tmp_path / "backups"
    backups.mkdir(mode=0o700)
    told = Writer(with_second, PLACE)
    refused(await roll_back(with_second, tmp_path, backups, told.append))
    assert [event.message for event in told.of("backed_up")]
    assert tables(with_second) == ["first", "second"]


async def test_a_backup_of_a_held_table_is_held(with_second: str, tmp_path: Path) -> None:
    """As a rollback of 002 names it, which sets the rows aside."""
    ask(with_second, PLACE)
    ask(with_second, "alter table second rename to second_backup_20260314")
    write(tmp_path, "003_away", up="drop table second_backup_20260314", down="select 1")
    with pytest.raises(Refused, match="which is under legal hold"):
        await go_up(with_second, tmp_path)
    write(
        tmp_path,
        "003_away",
        up="do $$ begin execute 'drop table second_' || 'backup_20260314'; end $$",
        down="select 1",
    )
    refused(await go_up(with_second, tmp_path), "This would destroy rows that are under legal hold: 1 before, 0 after.")
    assert one(with_second, "select count(*) from second_backup_20260314") == 1


async def test_outside_a_transaction_each_statement_looks(with_second: str, tmp_path: Path) -> None:
    (tmp_path / "002_second.down.sql").write_text("-- emr: transaction = off\nselect 1;\ndrop table second")

    class Late(Told):
        def append(self, event: Event) -> None:
            super().append(event)
            if (event.event, event.statement) == ("statement", 2):
                ask(with_second, PLACE)

    result = await go_down(with_second, tmp_path, Late())
    refused(result)
    assert result.error is not None
    assert result.error.state == "1 of 2 statements is done and stays; statement 2 is not."
    assert one(with_second, "select count(*) from second") == 1


@pytest.mark.parametrize("way", ["down", "emergency"])
async def test_what_the_words_do_not_tell_is_counted(with_second: str, tmp_path: Path, way: str) -> None:
    (tmp_path / "002_second.down.sql").write_text("do $$ begin execute 'dr' || 'op table second'; end $$")
    ask(with_second, PLACE)
    backups = tmp_path / "backups"
    backups.mkdir(mode=0o700)
    result = await (go_down(with_second, tmp_path) if way == "down" else roll_back(with_second, tmp_path, backups))
    refused(result, "This would destroy rows that are under legal hold: 1 before, 0 after.")
    assert one(with_second, "select count(*) from second") == 1


async def test_no_hold_is_placed_while_rows_are_destroyed(with_second: str, tmp_path: Path) -> None:
    free: list[bool] = []

    class Rival(Told):
        def append(self, event: Event) -> None:
            super().append(event)
            if event.event == "statement":
                free.append(one(with_second, "select pg_try_advisory_xact_lock(%s, %s)", KEY["space"], KEY["key"]))

    assert (await go_down(with_second, tmp_path, Rival())).done == ["002"]
    assert free == [False]
    assert one(with_second, "select pg_try_advisory_xact_lock(%s, %s)", KEY["space"], KEY["key"])
