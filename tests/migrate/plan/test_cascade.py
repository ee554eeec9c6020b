"""What CASCADE takes with it is told by name and counted, from the catalogue; and it is what then goes."""

from collections.abc import Iterator

import pytest

from console.demo.server import Cluster
from console.migrate.plan.reports import PlannedMigration
from tests.migrate.plan.going_back import Made, made
from tests.migrate.servers import copied
from tests.migrate.working import ask, go_down

UP = """
create schema ward;
create type ward.level as enum ('low', 'high');
create domain ward.bed_number as int check (value > 0);
create function ward.touched() returns trigger language plpgsql as 'begin return new; end';
create table ward.bed (id ward.bed_number primary key, level ward.level, twice int generated always as (2) stored);
create table patient (id int primary key, bed ward.bed_number references ward.bed, level ward.level, note text);
create table visit (patient int references patient on delete cascade);
create table measured (at date, patient int references patient) partition by range (at);
create table measured_old partition of measured for values from (minvalue) to ('2020-01-01');
create table measured_new partition of measured for values from ('2020-01-01') to (maxvalue);
create view high as select id, note from patient where level = 'high';
create materialized view notes as select note from high;
create trigger touched before update on patient for each row execute function ward.touched();
alter table visit enable row level security;
create policy by_level on visit using (exists (select from patient p where p.id = visit.patient and p.note <> ''));
insert into ward.bed values (1, 'low'), (2, 'high');
insert into patient values (1, 1, 'low', 'a'), (2, 2, 'high', null), (3, null, null, 'c');
insert into visit values (1), (1), (2), (3);
insert into measured values ('2019-01-01', 1), ('2021-01-01', 1), ('2021-01-02', 2);
"""
"""Two schemas that hang together in every way."""

Told = set[tuple[str, str, int | None]]

VIEWS: Told = {("view", "high", None), ("materialized view", "notes", None)}
POLICY: Told = {("policy", "by_level on visit", None)}


def told(row: PlannedMigration) -> Told:
    """Every loss that the plan tells."""
    return {(loss.kind, loss.object, loss.rows) for loss in row.loss}


CASES: dict[str, Told] = {
    "drop table patient cascade": {
        ("table", "patient", 3),
        ("table constraint", "visit_patient_fkey on public.visit", None),
        ("table constraint", "measured_patient_fkey on public.measured", None),
        *VIEWS,
        *POLICY,
    },
    "alter table patient drop column note cascade": {("column", "patient.note", 2), *VIEWS, *POLICY},
    "drop type ward.level cascade": {
        ("column", "patient.level", 2),
        ("column", "ward.bed.level", 2),
        *VIEWS,
    },
    "drop domain ward.bed_number cascade": {
        ("column", "patient.bed", 2),
        ("column", "ward.bed.id", 2),
    },
    "drop function ward.touched cascade": {("trigger", "touched on public.patient", None)},
    "drop view high cascade": VIEWS,
    "drop schema ward cascade": {
        ("table", "ward.bed", 2),
        ("column", "patient.level", 2),
        ("column", "patient.bed", 2),
        ("type", "ward.level", None),
        ("type", "ward.bed_number", None),
        ("function", "ward.touched()", None),
        ("trigger", "touched on public.patient", None),
        *VIEWS,
    },
    "truncate patient cascade": {("rows", "patient", 3), ("rows", "visit", 4), ("rows", "measured", 3)},
    "drop materialized view notes; drop view high; create view high as select 1; drop table patient cascade": {
        ("table", "patient", 3),
        ("table constraint", "visit_patient_fkey on public.visit", None),
        ("table constraint", "measured_patient_fkey on public.measured", None),
        ("materialized view", "notes", None),
        *POLICY,
    },
    "alter table patient rename to old; create view newer as select * from old; drop table old cascade": {
        ("table", "patient", 3),
        ("table constraint", "visit_patient_fkey on public.visit", None),
        ("table constraint", "measured_patient_fkey on public.measured", None),
        *VIEWS,
        *POLICY,
    },
    "drop table measured cascade": {("table", "measured", 3)},
    "drop schema nowhere": set(),
    "drop owned by pg_monitor": {("unknown", "DROP OWNED, line 1", None)},
}
"""A rollback and what it takes: kind, name, rows or values."""


@pytest.fixture(scope="module")
def wards(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """The two schemas, made by a migration, for tests that leave them as they are."""
    with made(cluster, tmp_path_factory.mktemp("wards"), UP) as wards:
        yield wards


@pytest.fixture
def changeable(cluster: Cluster, wards: Made) -> Iterator[Made]:
    """A copy of them, which may be rolled back."""
    with copied(cluster, wards.dsn) as dsn:
        yield Made(dsn, wards.folder)


@pytest.mark.parametrize("down", CASES)
async def test_what_goes_with_it(wards: Made, down: str) -> None:
    found = told(await wards.back(down))
    assert {(kind, name, None if kind.endswith("view") else rows) for kind, name, rows in found} == CASES[down]


WAIVED = "".join(f'-- emr: waive = {rule} "a test"\n' for rule in ("EM06", "EM08"))


LARGE = ("drop table patient cascade", "drop schema ward cascade")
"""Rollbacks that take most of it."""


@pytest.mark.parametrize(
    "down",
    [
        pytest.param(down, marks=() if down in LARGE else pytest.mark.long)
        for down in CASES
        if " cascade" in down and "create" not in down
    ],
)
async def test_what_is_told_is_what_goes(changeable: Made, down: str) -> None:
    lost = {name for kind, name, _ in told(await changeable.back(WAIVED + down)) if kind in RELATIONS}
    before = there(changeable.dsn)
    assert (await go_down(changeable.dsn, changeable.folder)).error is None
    gone = before - there(changeable.dsn)
    assert {name for name in gone if name.rpartition(".")[0] not in gone} == lost


RELATIONS = ("table", "view", "materialized view", "column")


def there(dsn: str) -> set[str]:
    """Every relation that is no partition, and every column of one that is no view, by their names."""
    found = ask(
        dsn,
        "select c.oid::regclass::text, case when a.attnum > 0 and c.relkind in ('r', 'p') then '.' || a.attname else ''"
        " end from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped"
        " where c.relnamespace in (select oid from pg_namespace where nspname in ('public', 'ward'))"
        " and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition",
    )
    return {name + column for name, column in found}
