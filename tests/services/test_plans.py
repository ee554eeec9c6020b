"""Plans of statements that others ran, on real servers: nothing is run, nothing else is sent, no literal is shown."""

import psycopg
import pytest

from console.db.database import Database
from console.errors import StatementFailed, Unsupported
from console.services.plans import plan
from tests.targets import target

TABLES = """
create schema ward;
create table ward.patients (id int primary key, mrn text);
create view ward.known as select * from ward.patients where mrn <> 'MRN-SECRET';
alter database "{}" set search_path = ward, public
"""


@pytest.fixture
def wards(database: str) -> str:
    """A database whose tables are found by its own search path only."""
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute(TABLES.format(name).encode())
    return database


async def planned(dsn: str, text: str) -> str:
    async with Database(target(dsn)) as db:
        return await plan(db, text, "postgres")


async def test_without_values_and_without_their_literals(wards: str) -> None:
    told = await planned(wards, "select * from known where id = 4711 and mrn > 'MRN-OTHER'")
    assert told.splitlines()[0].startswith("Index Scan using patients_pkey on patients")
    assert "Index Cond: (id = ?)" in told
    assert "MRN" not in told


async def test_of_a_statement_whose_values_are_not_known(wards: str) -> None:
    text = "update patients set mrn = $1 where id = $2"
    async with Database(target(wards)) as db:
        if (await db.server()).major < 16:
            with pytest.raises(Unsupported, match=r"needs PostgreSQL 16 or newer; this server is 15\."):
                await plan(db, text, None)
        else:
            told = await plan(db, text, None)
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
        await planned(pg18_database, text)


async def test_what_cannot_be_planned_says_why_and_the_lane_goes_on(pg18_database: str) -> None:
    async with Database(target(pg18_database)) as db:
        with pytest.raises(StatementFailed) as failed:
            await plan(db, "select now() - interval $1", None)
        assert "interval '1 day'" in failed.value.hint
        assert (await plan(db, "select 1", None)).startswith("Result")
