"""A server that is one session for everybody: what is asked on somebody's behalf ends with that one question."""

import pytest

from console.db.database import Database
from console.errors import Unsupported
from console.services.audit.recording import Recorder
from console.services.patients.finding import find
from console.services.patients.probing import seen_by
from console.services.patients.showing import revealed, shown
from console.services.patients.wanted import wanted
from tests.fixtures.timescale import Timescale
from tests.services.patients import people
from tests.services.patients.people import ZOE

pytestmark = pytest.mark.usefixtures("home")


async def test_a_patient_is_found_shown_revealed_and_seen_by_others(migrated_timescale: Timescale) -> None:
    people.admit(migrated_timescale.dsn())
    async with Database(migrated_timescale.target()) as db:
        recorder = Recorder(db)
        with pytest.raises(Unsupported, match="There is no role emr_app"):
            await seen_by(db, "ana")
        found = await find(db, recorder, wanted("testson, z"))
        closer = await shown(db, recorder, found.rows[0].id)
        clear = await revealed(db, recorder, ZOE, "complaint: letter of 12 May")
        with people.role(migrated_timescale.dsn(), "emr_app", may="grant select on patients, tasks, users to emr_app"):
            seen = await seen_by(db, "ben", ZOE)
            assert len((await find(db, recorder, wanted("testson"))).rows) == 2
    assert (closer.patient.name, clear.first_name, closer.remark) == ("Z*** T***", "Zoë", "")
    assert (seen.visible.patients, seen.visible.tasks, seen.visible.this_one) == (4, 0, False)
    assert [row[0] for row in people.events(migrated_timescale.dsn())] == ["SEARCH", "VIEW", "REVEAL", "SEARCH"]
