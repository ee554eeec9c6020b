"""Rows of a partition are counted once: with its table, or by themselves where it has been taken off before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.demo.server import Cluster
from console.migrate.plan import stall
from tests.migrate.plan.going_back import Made, made
from tests.migrate.working import go_up, one, write

UP = """
create table measured (at date, value int) partition by range (at);
create table measured_old partition of measured for values from (minvalue) to ('2020-01-01') partition by range (at);
create table measured_ancient partition of measured_old for values from (minvalue) to ('2000-01-01');
create table measured_former partition of measured_old for values from ('2000-01-01') to ('2020-01-01');
create table measured_new partition of measured for values from ('2020-01-01') to (maxvalue);
create table loose (like measured);
insert into measured values ('1990-01-01', 1), ('2010-01-01', 1), ('2010-01-02', 1), ('2021-01-01', null);
insert into loose values ('2022-01-01', 1);
"""

OFF = "alter table measured detach partition measured_old;"

CASES: dict[str, dict[str, int]] = {
    "drop table measured": {"measured": 4},
    f"{OFF} drop table measured": {"measured": 1},
    f"{OFF} drop table measured; drop table measured_old": {"measured": 1, "measured_old": 3},
    f"{OFF} drop table measured_old; drop table measured": {"measured": 1, "measured_old": 3},
    "drop table measured_former; drop table measured": {"measured": 2, "measured_former": 2},
    "truncate measured_former; drop table measured": {"measured": 2, "measured_former": 2},
    "alter table measured_old detach partition measured_ancient;"
    f"{OFF} drop table measured_old": {"measured_old": 2},
    f"{OFF} alter table measured drop column value": {"measured.value": 0},
    f"{OFF} alter table measured attach partition measured_old for values from (minvalue) to ('2020-01-01');"
    "drop table measured": {"measured": 4},
    "alter table measured detach partition measured_new;"
    "alter table measured attach partition loose for values from ('2022-01-01') to (maxvalue); drop table measured": {
        "measured": 3,
        "loose": 1,
    },
}  # fmt: skip
"""A rollback, and how many rows or values it takes of what."""


@pytest.fixture(scope="module")
def measured(pg18: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """One for the module; nobody has analyzed it."""
    with made(pg18, tmp_path_factory.mktemp("measured"), UP) as measured:
        yield measured


@pytest.mark.parametrize("down", CASES)
async def test_each_row_is_counted_once(measured: Made, down: str) -> None:
    row = await measured.back(down)
    assert {loss.object: loss.rows for loss in row.loss} == CASES[down]


async def test_its_size_is_without_what_stays(measured: Made) -> None:
    row = await measured.back(f"{OFF} drop table measured")
    assert row.loss[0].bytes == one(measured.dsn, "select pg_total_relation_size('measured_new')")


TOUCHED: dict[str, float] = {
    "create index on measured (at)": 4,
    f"{OFF} create index on measured (at)": 1,
    f"{OFF} create index on measured_old (at)": 3,
    "truncate measured_former; create index on measured (at)": 2,
    "drop table measured_new; create index on measured (at)": 3,
    "truncate measured; create index on measured (at)": 0,
    "alter table measured detach partition measured_new;"
    "alter table measured attach partition loose for values from ('2022-01-01') to (maxvalue);"
    "create index on measured (at)": 3 + 1,
    "alter table other attach partition loose for values from ('2022-01-01') to (maxvalue)": 1 + 2,
}  # fmt: skip
"""A rollback, and how many rows its last statement works on."""


async def test_only_rows_that_a_statement_touches_keep_writers_waiting(
    pg18_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second a row, so that seconds are rows."""
    monkeypatch.setitem(stall.ROWS_PER_SECOND, "scan", 1.0)
    up = f"""{UP}
create table other (at date, value int) partition by range (at);
create table other_default partition of other default;
create table other_old partition of other for values from (minvalue) to ('2000-01-01');
insert into other values ('2010-01-01', 1), ('2010-01-01', 2), ('1990-01-01', 3);
analyze measured, loose, other;
"""
    write(tmp_path, "001_made", up=up)
    await go_up(pg18_database, tmp_path)
    larger = Made(pg18_database, tmp_path)
    for down, touched in TOUCHED.items():
        row = await larger.back(down)
        assert (down, row.statements[-1].held) == (down, touched)
