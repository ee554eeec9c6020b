"""How the table is drawn, and what of it is drawn again."""

from dataclasses import replace

import pytest
from textual.geometry import Region

from tests.ui.sample import COLUMNS, HOSTILE, Row, TableHost, rows
from tests.ui.tables import current, text
from tests.ui.waiting import drawn, until


async def repainted(host: TableHost, monkeypatch: pytest.MonkeyPatch, shown: list[Row]) -> list[Region]:
    """The regions that a refresh with these rows writes."""
    await drawn(host.table)
    written: list[Region] = []
    real = host.table.refresh

    def refresh(*regions: Region) -> None:
        written.extend(regions or (host.table.size.region,))
        real(*regions)

    monkeypatch.setattr(host.table, "refresh", refresh)
    host.table.show(shown)
    await drawn(host.table)
    return written


async def test_shows_a_heading_and_rows() -> None:
    host = TableHost(rows(2))
    async with host.run_test(size=(70, 6)):
        assert text(host) == [
            "     pid user       state                   age statement",
            "    1000 emr_app    active                  3 h select ? from tasks w…",
            "    1001 dba        idle                    3 h select ? from tasks w…",
            "",
            "",
            "",
        ]


async def test_says_when_there_is_nothing() -> None:
    host = TableHost()
    async with host.run_test(size=(70, 4)):
        assert text(host)[1] == "  nobody is connected"


async def test_drops_columns_when_it_gets_narrow() -> None:
    host = TableHost(rows(1))
    async with host.run_test(size=(56, 4)):
        assert text(host)[0] == "     pid state                   age statement"


async def test_same_rows_write_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    host = TableHost(rows(100))
    async with host.run_test(size=(80, 24)):
        assert await repainted(host, monkeypatch, rows(100)) == []


async def test_a_changed_age_writes_its_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = [replace(row, age=3.0) for row in rows(30)]
    host = TableHost(shown)
    async with host.run_test(size=(80, 24)):
        later = [*shown[:4], replace(shown[4], age=4.0), *shown[5:]]
        [region] = await repainted(host, monkeypatch, later)
        assert (region.y, region.width, region.height) == (5, 1, 1)
        assert text(host)[5][region.x] == "4"


async def test_one_more_row_writes_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    host = TableHost(rows(5))
    async with host.run_test(size=(80, 24)):
        assert {region.y for region in await repainted(host, monkeypatch, rows(6))} == {6}


async def test_rows_out_of_sight_write_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    host = TableHost(rows(100))
    async with host.run_test(size=(80, 24)):
        shown = rows(90)
        shown[50:] = [replace(row, user="other") for row in shown[50:]]
        assert await repainted(host, monkeypatch, shown) == []


async def test_the_last_column_is_whole_where_a_scrollbar_comes() -> None:
    last = replace(COLUMNS[-1], value=lambda row: f"{row.pid:>60}|", grows=True)
    host = TableHost(rows(3), [COLUMNS[0], last])
    async with host.run_test(size=(70, 12)) as pilot:
        assert text(host)[1].endswith("1000|")
        host.table.show(rows(30))
        await until(pilot, lambda: text(host)[1].endswith("…"))
        assert host.table.room.width == 69


async def test_an_endless_name_does_not_hide_what_is_beside_it() -> None:
    host = TableHost([replace(row, user="u" * 900) for row in rows(3)])
    async with host.run_test(size=(120, 12)) as pilot:
        await pilot.press("w")
        assert "u…" in text(host)[1]
        assert "active" in text(host)[1]


async def test_stale_rows_are_dim_and_keep_their_words() -> None:
    host = TableHost(rows(3))
    async with host.run_test(size=(60, 6)):
        before = text(host)
        host.table.stale = True
        assert text(host) == before
        styles = [segment.style for segment in host.table.render_line(1)]
        assert all(style and style.dim for style in styles[:-1])


async def test_hostile_text_is_drawn_as_it_reads() -> None:
    host = TableHost([replace(row, user=HOSTILE, query=HOSTILE) for row in rows(3)])
    async with host.run_test(size=(200, 6)):
        assert r"\x1b]52;c;aGk=\x07 [/] [@click=app.quit]x \u202eevil\x9b31m" in text(host)[1]
        assert all(line.isprintable() for line in text(host))


async def test_a_hundred_thousand_rows() -> None:
    host = TableHost(rows(100_000))
    async with host.run_test(size=(120, 40)) as pilot:
        await pilot.press("G")
        assert "100999" in text(host)[-1]
        host.table.show(rows(100_000)[::-1])
        assert current(host) == 100_999


async def test_another_theme_repaints() -> None:
    host = TableHost(rows(3))
    async with host.run_test(size=(60, 6)) as pilot:
        before = [segment.style for segment in host.table.render_line(1)]
        host.theme = "textual-light"
        await until(pilot, lambda: [segment.style for segment in host.table.render_line(1)] != before)


def test_columns_have_distinct_names() -> None:
    assert len({column.id for column in COLUMNS}) == len(COLUMNS)
