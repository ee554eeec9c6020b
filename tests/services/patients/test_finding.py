"""Patients are found by what a person knows of them, whatever is in it; nothing comes back unmasked."""

import json
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from console.db.database import Database
from console.errors import NoPrivilege, Unsupported, UsageError
from console.services.audit.recording import NOBODY, Recorder
from console.services.patients.finding import FIND, MOST, Found, find
from console.services.patients.wanted import wanted
from tests.migrate.servers import on_both
from tests.migrate.working import ask
from tests.schema.ladder import Ladder
from tests.services.patients import people
from tests.services.patients.people import ANN, DEE, ESC, HIDDEN, QUOTED, ZOE
from tests.targets import target

pytestmark = pytest.mark.usefixtures("home")

LINES = {
    "TEST-000123": [ZOE],
    "TP0000626": [ANN, ZOE],
    str(ZOE): [ZOE],
    str(UUID(int=999)): [],
    "1980-02-03": [ANN, ZOE],
    "born:1991-07-01": [DEE],
    "testson": [ANN, ZOE],
    "TESTSON": [ANN, ZOE],
    "Tests": [ANN, ZOE],
    "testson, zoë": [ZOE],
    "Testson, Z born:1980-02-03": [ZOE],
    "Testson born:1991-07-01": [],
    "mctest": [DEE],
    "TEST-'1%_": [ESC],
    "TP'%": [ESC],
    "\x1b]": [ESC],
    "o'%_\"draft": [QUOTED],
    "%": [],
    "_": [],
    "'; drop table patients; --": [],
}


async def found(dsn: str, text: str, **changed: str) -> Found:
    async with Database(target(dsn, **changed)) as db:
        return await find(db, Recorder(db), wanted(text))


@on_both
async def test_everybody_is_found_and_nobody_named(migrated: str) -> None:
    """On each server: the text of the query may not need a newer one."""
    people.admit(migrated)
    async with Database(target(migrated)) as db:
        recorder = Recorder(db)
        answers = {text: await find(db, recorder, wanted(text)) for text in LINES}
    assert {text: [row.id for row in answer.rows] for text, answer in answers.items()} == LINES
    told = json.dumps([[row.as_json() for row in each.rows] for each in answers.values()], default=str)
    told += "".join(each.shown + each.remark for each in answers.values())
    assert [value for value in HIDDEN if value in told] == []
    assert answers["TEST-000123"].rows[0].as_json() == {
        "id": ZOE, "mrn": "***0123", "name": "Z*** T***", "birth_year": 1980, "system": "EPIC",
        "emr_patient_id": "***0626", "deleted": False,
    }  # fmt: skip


async def test_every_search_is_written_down_without_its_term(pg18_migrated: str) -> None:
    people.admit(pg18_migrated)
    for text in ("Testson", "TESTSON", "TEST-000123"):
        assert not (await found(pg18_migrated, text)).kept.why
    (one, nobody, first), (_, _, second), (_, patient, third) = people.events(pg18_migrated)
    assert (one, nobody, patient) == ("SEARCH", NOBODY, ZOE)
    assert first["search"] == second["search"] != third["search"]
    assert (first["found"], third["found"]) == (2, 1)
    assert [value for value in HIDDEN if value.casefold() in str((first, second, third)).casefold()] == []


async def test_names_that_are_encrypted_cannot_be_searched(pg18_migrated: str) -> None:
    people.admit(pg18_migrated)
    people.encrypt(pg18_migrated)
    by_name, by_number = await found(pg18_migrated, "Testson"), await found(pg18_migrated, "TEST-000123")
    assert (by_name.rows, by_number.rows[0].name, by_number.remark) == ((), "encrypted", "")
    assert by_name.remark.startswith("Names are encrypted by the application here, and cannot be searched.")


async def test_similar_names_where_pg_trgm_is_there(pg18_migrated: str) -> None:
    people.admit(pg18_migrated)
    assert (await found(pg18_migrated, "Tetsson")).rows == ()
    if not ask(pg18_migrated, "select 1 from pg_available_extensions where name = 'pg_trgm'"):
        pytest.skip("this build of PostgreSQL comes without pg_trgm")
    ask(pg18_migrated, 'create schema "odd %s"; create extension pg_trgm schema "odd %s"')
    alike = await found(pg18_migrated, "Testsson")
    assert [row.id for row in alike.rows] == [ANN, ZOE]
    assert alike.remark == "No name begins so; these are similar."


async def test_more_than_can_be_shown(pg18_migrated: str) -> None:
    ask(
        pg18_migrated,
        "insert into patients (mrn, first_name, last_name, date_of_birth, emr_system, emr_patient_id)"
        f" select 'M' || n, 'A', 'Testson', '1980-01-01', 'EPIC', n from generate_series(1, {MOST} + 1) n",
    )
    answer = await found(pg18_migrated, "testson")
    assert (len(answer.rows), answer.more) == (MOST, True)
    assert answer.remark == "More than 100 patients: the first of them are shown."


async def test_a_role_that_may_not_read_is_told_what_helps(pg18_migrated: str, home: Path) -> None:
    people.admit(pg18_migrated)
    with people.role(pg18_migrated, "stranger"):
        with pytest.raises(NoPrivilege) as caught:
            await found(pg18_migrated, "Testson", user="stranger", password="x")
        assert caught.value.hint.endswith('GRANT SELECT ON public.patients TO "stranger";')
        ask(pg18_migrated, "grant select on patients, tasks, users to stranger")
        hidden = await found(pg18_migrated, "Testson", user="stranger", password="x")
    assert hidden.rows == ()
    assert hidden.remark.startswith("Row security hides patients from this role: more may be there.")
    assert "This search is not in the audit log" in hidden.remark
    (kept,) = (home / "state").rglob("*.jsonl")
    assert "estson" not in kept.read_text()


async def test_before_there_are_patients(ladder: Ladder) -> None:
    ladder.up("001", "002", "003")
    with pytest.raises(Unsupported, match="There is no table of patients in"):
        await found(ladder.dsn, "Testson")


@pytest.mark.parametrize("text", ["", "  ", ",", ", ann", "1980-02-30", "born:soon", "a\0b", "\udcff", "x" * 201])
def test_what_cannot_be_searched_is_not_repeated(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        wanted(text)
    assert not text.strip(" ,") or text not in caught.value.sentence()


async def test_a_name_is_found_by_its_index(pg18_migrated: str) -> None:
    """Where names are sorted by bytes; a number always is."""
    with psycopg.connect(pg18_migrated) as connection:
        connection.execute("set enable_seqscan = off")
        params = dict.fromkeys(("id", "born", "firsts")) | dict.fromkeys(
            ("word", "typed", "titled", "upper"), "Testson"
        )
        cursor = psycopg.ClientCursor(connection)
        plan = cursor.execute(b"explain " + FIND.text(18).encode(), params | {"most": 1}).fetchall()
    said = "\n".join(row[0] for row in plan)
    assert "idx_patients_name" in said
    assert "idx_patients_emr_lookup" in said
    assert "Seq Scan" not in said
