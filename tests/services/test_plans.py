"""Plans of statements that others sent, on real servers: with whose rights they are made, and what is told of them."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from console.db.database import Database
from console.errors import ConsoleError, NoPrivilege, ReadOnlyServer, Refused, StatementFailed, TimedOut, Unsupported
from console.services import plans
from console.services.plans import plan
from tests.migrate.servers import on_both
from tests.targets import target

WARDS = """
create role ward_app login password 'x';
create role ward_watch login password 'x';
create schema ward authorization ward_app;
set role ward_app;
create table ward.patients (id int primary key, mrn text);
create view ward.known as select * from ward.patients where mrn <> 'MRN-SECRET';
reset role;
alter role ward_app in database "{}" set search_path = ward, public
"""

HOSTILE = """
set role ward_app;
create function ward.strike() returns text language plpgsql as $$
begin
    perform set_config('role', 'none', true);
    perform pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim';
    return current_user;
exception when others then return current_user || ': ' || sqlstate;
end $$;
create function ward.taken(x int) returns int language plpgsql immutable as $$
begin raise exception using message = ward.strike(), errcode = 'EM001'; end $$;
create function ward.written(x int) returns int language plpgsql immutable as $$
begin execute 'select ward.write()'; return x; end $$;
create function ward.write() returns void language sql as 'insert into ward.patients values (1)';
create function ward.endless(x int) returns int language plpgsql immutable as $$
begin
    loop
        begin perform pg_sleep(600); exception when query_canceled then null; end;
    end loop;
end $$;
create domain ward.checked as int check (ward.taken(value) > 0);
reset role
"""
"""What runs while a statement is planned: functions that nobody may have marked IMMUTABLE, and did."""


@pytest.fixture
def wards(database: str) -> Iterator[str]:
    """A database whose tables are found by one role's search path only."""
    name = conninfo_to_dict(database)["dbname"]
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute(WARDS.format(name).encode())
        yield database
        admin.execute("drop schema ward cascade; drop owned by ward_app; drop role ward_app, ward_watch")


def ask(dsn: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        found = connection.execute(statement.encode())
        return found.fetchall() if found.description else []


async def planned(dsn: str, text: str, role: str | None = "ward_app", **login: str) -> str:
    async with Database(target(dsn, **login)) as db:
        return await plan(db, text, role)


async def test_without_values_and_without_their_literals(wards: str) -> None:
    told = await planned(wards, "select * from known where id = 4711 and mrn > 'MRN-OTHER'")
    assert told.splitlines()[0].startswith("Index Scan using patients_pkey on patients")
    assert "Index Cond: (id = ?)" in told
    assert "MRN" not in told
    assert not ask(wards, "select from pg_proc where proname like 'emr_console%'")


async def test_without_names_that_a_person_could_have(wards: str) -> None:
    text = 'with "Jane Doe" as materialized (select id from patients "MRN 4711") select * from "Jane Doe" "123-45-6789"'
    told = await planned(wards, text)
    assert "MRN" not in told
    assert not [secret for secret in ("Jane", "4711", "6789") if secret in told]
    assert 'CTE "?": Seq Scan on patients "?"' in told


@on_both
async def test_of_a_statement_whose_values_are_not_known(wards: str) -> None:
    text = "update patients set mrn = $1 where id = $2"
    async with Database(target(wards)) as db:
        if (await db.server()).major < 16:
            with pytest.raises(Unsupported, match=r"needs PostgreSQL 16 or newer; this server is 15\."):
                await plan(db, text, "ward_app")
        else:
            told = await plan(db, text, "ward_app")
            assert told.splitlines()[0].startswith("Update on patients")
            assert "Index Cond: (id = $2)" in told


@pytest.mark.parametrize(
    "text",
    [
        "select 1; delete from patients",
        r"select '\'; delete from patients; --'",
        "select 'cut off",
        "select 1 \\! rm",
        "vacuum patients",
        "prepare p as select 1",
        "",
    ],
)
async def test_what_is_not_one_query_is_never_sent(pg18_database: str, text: str) -> None:
    with pytest.raises(Unsupported):
        await planned(pg18_database, text, "postgres")


async def test_what_cannot_be_planned_says_why_and_the_lane_goes_on(pg18_database: str) -> None:
    async with Database(target(pg18_database)) as db:
        with pytest.raises(StatementFailed) as failed:
            await plan(db, "select now() - interval $1", "postgres")
        assert "interval '1 day'" in failed.value.hint
        assert (await plan(db, "select 1", "postgres")).startswith("Result")
        with pytest.raises(Unsupported, match="Who sent"):
            await plan(db, "select 1", None)


@pytest.mark.parametrize("text", ["select ward.taken(1)", "select '{1}'::ward.checked[]"])
async def test_what_the_planner_runs_has_no_more_rights_than_its_author(wards: str, text: str) -> None:
    ask(wards, HOSTILE)
    with psycopg.connect(wards, autocommit=True, application_name="victim") as victim:
        with pytest.raises(ConsoleError) as raised:
            await planned(wards, text)
        assert "ward_app: 42501" in raised.value.message, "our role cannot be taken back"
        assert victim.execute("select 1").fetchone() == (1,)


async def test_what_the_planner_runs_writes_nothing(wards: str) -> None:
    ask(wards, HOSTILE)
    with pytest.raises(ReadOnlyServer):
        await planned(wards, "select ward.written(1)")


async def test_what_the_planner_runs_comes_to_an_end(wards: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(wards, HOSTILE)
    monkeypatch.setattr(plans, "PATIENCE", 0.1)
    with pytest.raises(TimedOut, match="could not be planned"):
        await planned(wards, "select ward.endless(1)")
    while ask(wards, "select from pg_stat_activity where application_name like 'emr-console:plan%'"):
        pass


async def test_a_superusers_statement_where_others_have_functions(wards: str) -> None:
    assert (await planned(wards, "select 1", "postgres")).startswith("Result")
    ask(wards, HOSTILE)
    with pytest.raises(Refused, match="belong to ward_app"):
        await planned(wards, "select 1", "postgres")


@on_both
async def test_rights_that_we_cannot_take(wards: str) -> None:
    watch = {"user": "ward_watch", "password": "x"}
    with pytest.raises(NoPrivilege) as refused:
        await planned(wards, "select * from known", **watch)
    assert 'GRANT "ward_app" TO "ward_watch";' in refused.value.hint
    with pytest.raises(NoPrivilege) as refused:
        await planned(wards, "select 1", "postgres", **watch)
    assert refused.value.hint == ""
    ask(wards, 'grant "ward_app" to "ward_watch"')
    assert (await planned(wards, "select * from known", **watch)).startswith("Seq Scan on patients")
