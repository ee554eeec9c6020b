"""One patient closer; in clear only when the reason is on the disk, and what another user may see of him."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from console.db.database import Database
from console.errors import NoPrivilege, Refused, Unsupported, UsageError
from console.services.audit.recording import Recorder
from console.services.patients.probing import seen_by
from console.services.patients.showing import revealed, shown
from tests.migrate.working import ask
from tests.services.audit.logging import ANA, BEN, ago, event, write
from tests.services.patients import people
from tests.services.patients.people import ANN, HIDDEN, ZOE
from tests.targets import target

pytestmark = pytest.mark.usefixtures("home")

RIGHTS = "grant select on patients, tasks, users, departments, handover_items, emr_verifications, audit_logs to {}"


@pytest.fixture
def hospital(pg18_migrated: str) -> str:
    """Patients with work, and one access."""
    people.admit(pg18_migrated)
    _hand_over(pg18_migrated)
    write(pg18_migrated, [event(ago(hours=1), entity_id=ZOE, emr_system="EPIC", emr_patient_id="TP0000626")])
    return pg18_migrated


def _hand_over(dsn: str) -> None:
    """Zoë is handed over to the next shift."""
    shift, handover = UUID(int=401), UUID(int=402)
    ask(
        dsn,
        "insert into shifts (id, department_id, start_time, end_time, supervisor_id)"
        f" values ('{shift}', '{people.WARD}', now(), now(), '{ANA}');"
        " insert into handovers (id, from_shift_id, to_shift_id, initiated_by, task_summary, critical_events)"
        f" values ('{handover}', '{shift}', '{shift}', '{ANA}', '[]', '[]');"
        " insert into handover_items (handover_id, patient_mrn, patient_name, priority, status, description)"
        f" values ('{handover}', 'TEST-000123', 'Zoë Testson', 'HIGH', 'TO_DO', 'Zoë Testson fell')",
    )


@pytest.fixture
def services(hospital: str) -> Iterator[str]:
    """The role of the services, with its rights."""
    with people.role(hospital, "emr_app", may=RIGHTS.format("emr_app")):
        yield hospital


async def test_a_patient_with_work_and_accesses(hospital: str) -> None:
    async with Database(target(hospital)) as db:
        found = await shown(db, Recorder(db), ZOE)
    assert [(each.status, each.tasks, each.overdue) for each in found.tasks] == [("TO_DO", 1, 1), ("COMPLETED", 1, 0)]
    assert [(each.status, each.tasks) for each in found.unlinked] == [("BLOCKED", 1)]
    assert [(each.priority, each.acknowledged) for each in found.handovers] == [("HIGH", False)]
    assert [(each.action, each.patient, each.ip) for each in found.accesses if each.ip] == [
        ("VIEW", "***0626", "10.2.3.0/24")
    ]
    assert found.remark == ""
    assert [value for value in HIDDEN if value in str(found)] == []
    assert people.events(hospital)[-1][:2] == ("VIEW", ZOE)


async def test_accesses_of_tomorrow_hide_nobody_who_looked_today(hospital: str) -> None:
    """Whoever may write rows could push his own out of the list."""
    async with Database(target(hospital)) as db:
        before = await shown(db, Recorder(db), ZOE)
        write(hospital, [event(datetime.now(UTC) + timedelta(days=day), entity_id=ZOE) for day in range(2, 14)])
        after = await shown(db, Recorder(db), ZOE)
    assert {each.id for each in before.accesses} < {each.id for each in after.accesses}
    assert after.remark.startswith("Rows dated ahead of the server's clock are in the audit log")


async def test_nobody_has_this_id(hospital: str) -> None:
    async with Database(target(hospital)) as db:
        with pytest.raises(UsageError, match="No patient has this id"):
            await shown(db, Recorder(db), UUID(int=999))
    assert people.events(hospital) == []


async def test_revealed_only_after_it_is_written_down(hospital: str) -> None:
    async with Database(target(hospital)) as db:
        recorder = Recorder(db)
        with pytest.raises(UsageError, match="The reason begins with a code"):
            await revealed(db, recorder, ZOE, "because I can")
        assert people.events(hospital) == []
        clear = await revealed(db, recorder, ZOE, "complaint: letter of 12 May")
    assert (clear.first_name, clear.last_name, clear.mrn) == ("Zoë", "Testson", "TEST-000123")
    ((action, patient, known),) = people.events(hospital)
    assert (action, patient) == ("REVEAL", ZOE)
    assert known["reason"] == "complaint: letter of 12 May"


async def test_nothing_is_revealed_that_cannot_be_written_down(hospital: str) -> None:
    with people.role(hospital, "reader", may=RIGHTS.format("reader") + "; alter role reader bypassrls"):
        async with Database(target(hospital, user="reader", password="x")) as db:
            recorder = Recorder(db)
            with pytest.raises(Refused, match="it is not shown"):
                await revealed(db, recorder, ZOE, "complaint: letter of 12 May")
            found = await shown(db, recorder, ZOE)
    assert found.patient.name == "Z*** T***"
    assert found.remark.startswith("This view is not in the audit log")


async def test_what_others_see(services: str) -> None:
    async with Database(target(services)) as db:
        ana, ben = await seen_by(db, "ana", ZOE), await seen_by(db, str(BEN), ZOE)
        assert (ana.visible.patients, ana.visible.tasks, ana.visible.this_one) == (5, 3, True)
        assert (ben.visible.patients, ben.visible.tasks, ben.visible.this_one) == (4, 0, False)
        assert (await seen_by(db, "ben", ANN)).visible.this_one is True
        async with db.asking() as session:
            _, ((role, user),) = await session.rows("select current_user, current_setting('app.current_user_id', true)")
        assert (role, user) == ("postgres", "")
        with pytest.raises(UsageError, match="Nobody of the users"):
            await seen_by(db, "nobody' or true --")
    assert ana.sentence == "ana of Ward 3 may see 5 patients and 3 tasks. This patient is among them."


async def test_whom_we_may_not_become(services: str) -> None:
    with people.role(services, "reader", may=RIGHTS.format("reader")):
        async with Database(target(services, user="reader", password="x")) as db:
            with pytest.raises(NoPrivilege, match="This role may not become emr_app") as caught:
                await seen_by(db, "ana")
    assert caught.value.hint == 'A superuser can allow it: GRANT emr_app TO "reader";'


async def test_services_without_rights_and_without_a_role(hospital: str) -> None:
    async with Database(target(hospital)) as db:
        with pytest.raises(Unsupported, match="There is no role emr_app"):
            await seen_by(db, "ana")
        with people.role(hospital, "emr_app"), pytest.raises(NoPrivilege, match="emr_app itself may not read"):
            await seen_by(db, "ana")
