"""Whoever looks is written down before anything is shown, by the account's own name, without a patient's data."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

import psycopg
import pytest

from console.db import operator
from console.db.database import Database
from console.demo.server import Cluster
from console.errors import ConsoleError, Exit, Refused
from console.services.audit import beginning, closer, terms
from console.services.audit.grammar import parse_search
from console.services.audit.recording import NOBODY, Access, Recorder
from console.services.audit.standing import standing
from console.services.audit.strangers import STRANGERS
from tests.db.standby import following
from tests.fixtures.running import private_folder
from tests.migrate.working import ask
from tests.services.audit.logging import ANA, ago, event, users, walked, write
from tests.targets import target

ROWS = "select action, entity_type, entity_id, user_id, session_id, request_id, metadata from audit_logs order by 1"


async def test_events_of_one_run(pg18_migrated: str) -> None:
    patient = UUID(int=5)
    first = Access("SEARCH", detail={"search": "action:VIEW"})
    second = Access("VIEW", patient, "PATIENT", reason="complaint 12")
    async with Database(target(pg18_migrated)) as db:
        recorder = Recorder(db)
        await recorder.record(first)
        await recorder.record(second)
        assert len(db.pids) == 3
    stranger, here = uuid5(STRANGERS, "postgres"), operator.current()
    search, view = ask(pg18_migrated, ROWS)
    assert search[:6] == ("SEARCH", "AUDIT_LOG", NOBODY, stranger, recorder.session, first.request)
    assert view[:6] == ("VIEW", "PATIENT", patient, stranger, recorder.session, second.request)
    known = {"operator": here.user, "host": here.host, "session_user": "postgres", "client_addr": None}
    assert search[6] == known | {"search": "action:VIEW"}
    assert view[6] == known | {"reason": "complaint 12"}


async def test_a_user_of_the_platform_is_himself(pg18_migrated: str) -> None:
    users(pg18_migrated, **{operator.current().user: ANA})
    async with Database(target(pg18_migrated)) as db:
        await Recorder(db).record(Access("SEARCH"))
    assert ask(pg18_migrated, "select user_id from audit_logs") == [(ANA,)]


async def test_it_is_on_the_disk_before_anything_is_shown(pg18_migrated: str) -> None:
    """Also where the role does without, as a busy application may."""
    ask(pg18_migrated, "alter role postgres in database " + _name(pg18_migrated) + " set synchronous_commit = off")
    ask(
        pg18_migrated,
        "create table seen (setting text); create function look() returns trigger language plpgsql as $$ begin"
        " insert into public.seen values (current_setting('synchronous_commit')); return new; end $$;"
        " create trigger look before insert on audit_logs for each row execute function look()",
    )
    async with Database(target(pg18_migrated)) as db:
        await Recorder(db).record(Access("SEARCH"))
    assert ask(pg18_migrated, "select setting from seen") == [("on",)]


async def test_without_the_right_nothing_unmasked_is_shown(
    pg18_migrated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    ask(pg18_migrated, "drop role if exists reader_only; create role reader_only login password 'x'")
    async with Database(target(pg18_migrated, user="reader_only", password="x")) as db:
        recorder = Recorder(db)
        with pytest.raises(Refused, match="it is not shown") as caught:
            await recorder.record(Access("REVEAL", reason="because"))
        assert caught.value.hint.endswith('GRANT INSERT ON public.audit_logs TO "reader_only";')
        kept = await recorder.note(Access("SEARCH", detail={"search": "bulk"}))
    ask(pg18_migrated, "drop role reader_only")
    assert kept.file is not None
    assert kept.file.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.file.read_text())["search"] == "bulk"


@pytest.mark.parametrize("how", ["trigger", "rule"])
async def test_a_row_that_is_swallowed_is_not_recorded(pg18_migrated: str, how: str) -> None:
    """A trigger or a rule that lets no row through raises nothing."""
    if how == "rule":
        ask(pg18_migrated, "create rule gone as on insert to audit_logs do instead nothing")
    else:
        ask(pg18_migrated, "create function gone() returns trigger language plpgsql as 'begin return null; end'")
        ask(pg18_migrated, "create trigger gone before insert on audit_logs for each row execute function gone()")
    async with Database(target(pg18_migrated)) as db:
        with pytest.raises(Refused, match="wrote no row"):
            await Recorder(db).record(Access("REVEAL", reason="because"))


async def test_a_right_that_is_revoked_meanwhile(
    pg18_migrated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the connection once read of its rights proves nothing later."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    write(pg18_migrated, [event(ago(hours=1), emr_patient_id="TEST-000123")])
    ask(pg18_migrated, "drop role if exists auditor; create role auditor login password 'x'")
    ask(pg18_migrated, "grant select, insert on audit_logs to auditor; grant select on audit_log_details to auditor")
    try:
        async with Database(target(pg18_migrated, user="auditor", password="x")) as db:
            recorder = Recorder(db)
            assert (await standing(db)).recorded
            assert (await db.server()).audited
            (row,) = await walked(db, "entity:patient since:2026-03-14 until:2026-03-14T12:00")
            opened = await closer.opened(db, recorder, row)
            assert opened is not None
            assert not opened.kept.why
            ask(pg18_migrated, "revoke insert on audit_logs from auditor")
            with pytest.raises(Refused, match="it is not shown"):
                await closer.revealed(db, recorder, opened.whole, "complaint: letter of 12 May")
            assert not (await db.server()).audited
            assert (await beginning.begin(db, recorder, "bulk")).kept.file is not None
            assert not (await standing(db)).recorded
            ask(pg18_migrated, "grant insert on audit_logs to auditor")
            assert (await standing(db)).recorded
            assert (await db.server()).audited
    finally:
        ask(pg18_migrated, "drop owned by auditor; drop role auditor")
    assert ask(pg18_migrated, "select count(*) from audit_logs where action = 'REVEAL'") == [(0,)]


async def test_on_a_standby(pg18: Cluster, pg18_migrated: str) -> None:
    with private_folder() as folder:
        async with following(pg18, folder) as standby, Database(target(standby.dsn(_name(pg18_migrated)))) as db:
            with pytest.raises(Refused) as caught:
                await Recorder(db).record(Access("REVEAL"))
    assert (caught.value.exit, caught.value.hint) == (Exit.REFUSED, "Connect to the primary.")


def test_what_is_written_of_a_search_names_no_patient(tmp_path: Path) -> None:
    found = parse_search('patient:TEST-1 user:ana "John Doe" bulk', datetime(2026, 3, 14, tzinfo=UTC))
    made = terms.key(tmp_path / "new")
    written = terms.redacted(found, made)
    assert terms.redacted(found, terms.key(tmp_path / "new")) == written
    assert terms.redacted(found, terms.key(tmp_path / "other")) != written
    assert "user:ana" in written
    assert "ana" not in terms.redacted(found, made, unknown=["ana"])
    assert not {"TEST", "John", "Doe"} & set(written.replace("-", " ").split())
    assert (tmp_path / "new" / "audit.key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_others_know_is_refused(tmp_path: Path) -> None:
    terms.key(tmp_path)
    (tmp_path / "audit.key").chmod(0o644)
    with pytest.raises(ConsoleError, match=r"audit\.key"):
        terms.key(tmp_path)


def _name(dsn: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(dsn)["dbname"])
