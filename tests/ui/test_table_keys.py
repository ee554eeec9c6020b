"""What keys and clicks do in the table: move, sort, open, mark, copy, show all of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from console.ui import ordering
from console.ui import rows as row_store
from console.ui.table import LineTable
from tests.ui.sample import COLUMNS, TableHost, rows
from tests.ui.tables import current, text
from tests.ui.waiting import drawn, until


async def test_cursor_follows_its_row_through_a_refresh() -> None:
    host = TableHost(rows(50))
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press("down", "j", "j")
        assert current(host) == 1003
        host.table.show(rows(50)[::-1])
        assert current(host) == 1003
        assert any("1003" in line for line in text(host)), "the cursor's row stays in sight"


async def test_a_view_that_was_scrolled_away_is_left_alone() -> None:
    host = TableHost(rows(100))
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press("j")
        host.table.move_to(y=60)
        host.table.show(rows(100)[::-1])
        assert host.table.top == 60
        assert current(host) == 1001


@pytest.mark.parametrize(
    ("keys", "pid"),
    [
        (["G"], 1099),
        (["end"], 1099),
        (["end", "home"], 1000),
        (["G", "g"], 1000),
        (["pagedown"], 1010),
        (["pagedown", "pageup"], 1000),
        (["k"], 1000),
        (["G", "j"], 1099),
        (["down", "down", "up"], 1001),
    ],
)
async def test_keys_move_the_cursor(keys: list[str], pid: int) -> None:
    host = TableHost(rows(100))
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press(*keys)
        assert current(host) == pid
        assert any(str(pid) in line for line in text(host)[1:])


async def test_the_last_row_is_on_the_last_line() -> None:
    host = TableHost(rows(100))
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press("G")
        assert "1099" in text(host)[-1]


async def test_a_shorter_list_scrolls_back() -> None:
    host = TableHost(rows(100))
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press("G")
        host.table.show(rows(20))
        await until(pilot, lambda: "1019" in text(host)[-1])
        host.table.show(rows(3))
        wanted = [False, True, True, True, False]
        await until(pilot, lambda: ["100" in line for line in text(host)[:5]] == wanted)


async def test_sorting_by_key_and_by_click() -> None:
    shown = [replace(row, age=float(age)) for row, age in zip(rows(3), (5, 50, 20), strict=True)]
    host = TableHost(shown)
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press("s", "s", "s", "s")
        assert "age▼" in text(host)[0]
        assert [row.pid for row in host.table.rows.shown] == [1001, 1002, 1000]
        await pilot.press("S")
        assert "age▲" in text(host)[0]
        assert [row.pid for row in host.table.rows.shown] == [1000, 1002, 1001]
        await pilot.click(LineTable, offset=(text(host)[0].index("pid"), 0))
        assert [row.pid for row in host.table.rows.shown] == [1002, 1001, 1000]
        await pilot.press("shift+left")
        assert host.table.sorted_by is None
        assert [row.pid for row in host.table.rows.shown] == [1000, 1001, 1002]


async def test_many_rows_are_sorted_while_keys_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_store, "AT_ONCE", 5)
    monkeypatch.setattr(ordering, "AT_ONCE", 5)
    host = TableHost(rows(20))
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press("j", "j")
        host.table.sort(COLUMNS[0])
        assert [row.pid for row in host.table.rows.shown] == list(range(1000, 1020)), "the old order, for now"
        await until(pilot, lambda: host.table.rows.shown[0].pid == 1019)
        assert current(host) == 1002
        host.table.show(rows(30))
        await until(pilot, lambda: host.table.rows.shown[0].pid == 1029)
        host.table.sort(None)
        assert [row.pid for row in host.table.rows.shown] == list(range(1000, 1030))
        await drawn(host.table)
        assert host.table.rows.shown[0].pid == 1000


async def test_click_moves_and_double_click_opens() -> None:
    host = TableHost(rows(10))
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.click(LineTable, offset=(10, 4))
        assert current(host) == 1003
        await pilot.click(LineTable, offset=(10, 6), times=2)
        assert isinstance(host.messages[-1], LineTable.RowSelected)
        assert host.messages[-1].row.pid == 1005


@pytest.mark.parametrize("key", ["enter", "d"])
async def test_a_key_opens_and_moving_tells(key: str) -> None:
    host = TableHost(rows(10))
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press("j", key)
        await until(pilot, lambda: len(host.messages) == 3)
        assert [(type(m), m.row.pid) for m in host.messages] == [
            (LineTable.RowHighlighted, 1000),
            (LineTable.RowHighlighted, 1001),
            (LineTable.RowSelected, 1001),
        ]
        assert host.messages[0].control is host.table


async def test_an_empty_table_opens_nothing() -> None:
    host = TableHost()
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press("enter", "space", "y", "G", "s")
        assert host.messages == []


async def test_marks_are_shown_and_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    host = TableHost(rows(10))
    copied: list[str] = []
    monkeypatch.setattr(host, "copy_to_clipboard", copied.append)
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press("y", "space", "j", "space")
        assert [line[0] for line in text(host)[1:5]] == ["•", " ", "•", " "]
        await pilot.press("y", "Y")
    assert copied[0] == "1000\temr_app\tactive\t3 h\tselect ? from tasks where id = 0"
    assert [line.split("\t")[0] for line in copied[1].split("\n")] == ["1000", "1002"]
    assert [json.loads(line)["pid"] for line in copied[2].split("\n")] == [1000, 1002]


async def test_wide_cuts_nothing_and_moves_sideways() -> None:
    long = [replace(row, user="integration-gateway", query="x" * 60 + "END") for row in rows(3)]
    host = TableHost(long)
    async with host.run_test(size=(56, 6)) as pilot:
        assert "user" not in text(host)[0]
        await pilot.press("w")
        assert "integration-gateway" in text(host)[1]
        assert "…" not in " ".join(text(host))
        await pilot.press(*["l"] * 12)
        assert text(host)[1].endswith("END")
        host.table.show([replace(row, query="y" * 80 + "FURTHER") for row in long])
        await pilot.press("l", "l", "l")
        assert text(host)[1].endswith("FURTHER")
        await pilot.press(*["h"] * 12)
        assert text(host)[1].startswith("    1000")
        await pilot.press("l", "w")
        assert "user" not in text(host)[0]
        assert host.table.scroll_x == 0


async def test_wide_columns_grow_with_what_comes_into_sight_and_never_shrink() -> None:
    host = TableHost([replace(row, user="somebody-else" if row.pid == 1050 else "dba") for row in rows(100)])
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press("w")
        narrow = text(host)[0].index("state")
        await pilot.press(*"j" * 50)
        assert "somebody-else" in text(host)[-1]
        assert text(host)[0].index("state") == narrow + len("somebody-else") - 10
        await pilot.press("g")
        assert text(host)[0].index("state") > narrow


async def test_json_is_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    since = datetime(2026, 3, 14, 3, 7, tzinfo=UTC)
    host = TableHost(rows(2))
    host.table = LineTable(COLUMNS, key=lambda row: row.pid, as_json=lambda row: {"pid": row.pid, "since": since})
    copied: list[str] = []
    monkeypatch.setattr(host, "copy_to_clipboard", copied.append)
    async with host.run_test(size=(80, 12)) as pilot:
        await pilot.press("Y")
    assert copied == ['{"pid": 1000, "since": "2026-03-14T03:07:00.000000Z"}']
