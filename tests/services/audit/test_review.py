"""Reviews: the stories that are planted in the demo data are found, and a look that is explained is no finding."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from console.config.settings import Settings
from console.db.session import Session
from console.demo.generate import moments
from console.demo.generate import service as generating
from console.services.audit.grammar import parse_search
from console.services.audit.review.models import Finding
from console.services.audit.review.service import Review
from tests.migrate.working import ask
from tests.services.audit.logging import ANA, BEN, NOON, ago, event, note, users, write
from tests.services.audit.reviewing import DAY, reviewed
from tests.targets import target

END = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


def found(result: Review, rule: str) -> list[Finding]:
    return [finding for finding in result.findings if finding.rule == rule]


async def test_the_planted_stories_are_found(pg18_migrated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "SPAN", 90 * moments.DAY)  # seven years of partitions take seconds to make
    options = generating.Options(scale=0.001, until=END)
    async with await Session.open(target(pg18_migrated), "generate", settings=generating.SETTINGS) as session:
        generated = await generating.generate(session, target(pg18_migrated), options, lambda _table, _sent: None)
    planted = {story.kind: story.as_json() for story in generated.stories}
    result = await reviewed(pg18_migrated, END.date() - timedelta(days=60), END.date() + timedelta(days=1))
    assert result.unavailable == {}

    def has(kind: str, rule: str) -> bool:
        who, first, last = (planted[kind][name] for name in ("user", "first", "last"))
        assert isinstance(first, datetime)
        assert isinstance(last, datetime)
        return any(f.user == who and f.first_at <= last and f.last_at >= first for f in found(result, rule))

    assert has("night sweep", "bulk")
    assert has("night sweep", "sweep")
    assert has("night sweep", "new network")
    assert has("bulk export", "export")
    assert has("guessed password", "failed sign-ins")
    assert has("guessed password", "new network")
    assert has("leaver", "ghost user")
    assert has("curious crowd", "no care relationship")
    number = str(planted["curious crowd"]["patient"])[-4:]
    crowd = {f.user for f in found(result, "no care relationship") if f.patient == f"***{number}"}
    assert len(crowd) >= 10
    assert has("relative", "no care relationship")
    for finding in result.findings:
        parse_search(finding.search, END)
    told = json.dumps([finding.model_dump(mode="json") for finding in result.findings])
    for first, last, mrn in ask(pg18_migrated, "select first_name, last_name, mrn from patients"):
        assert f'"{first}' not in told
        assert last not in told
        assert mrn not in told


def patient(dsn: str, first: str, last: str, number: int) -> None:
    ask(
        dsn,
        "insert into patients (id, mrn, first_name, last_name, date_of_birth, emr_system, emr_patient_id) values "
        f"('00000000-0000-0000-0000-{number:012}', 'TEST-{number:07}', '{first}', '{last}', '1970-01-01', 'EPIC', "
        f"'E{number}')",
    )


def look(number: int, **known: object) -> dict[str, object]:
    at = known.pop("at", NOON - timedelta(minutes=90 - number))
    assert isinstance(at, datetime)
    return event(
        at, entity_id=f"00000000-0000-0000-0000-{number:012}", emr_system="EPIC", emr_patient_id=f"E{number}", **known
    )


async def test_each_threshold_has_two_sides(pg18_migrated: str) -> None:
    users(pg18_migrated, **{"ana.testova": ANA, "ben.modelton": BEN})
    for number in range(1, 13):
        patient(pg18_migrated, "Ana" if number == 3 else "Eva", "Téstová" if number in (3, 7) else "O''Mock", number)
    write(pg18_migrated, [
        *(look(number) for number in range(1, 13)),
        event(ago(hours=2), action="EXPORT", metadata=note(record_count=60)),
        event(ago(hours=1), action="EXPORT", metadata=note(record_count="41; drop")),
        event(ago(hours=1), action="EXPORT", metadata=note(record_count=39)),
        event(ago(hours=1), action="BREAK_GLASS", metadata=note(reason="  emergency of a patient ")),
        event(ago(hours=1), action="BREAK_GLASS", metadata=note(reason=" why")),
        event(ago(days=6), action="BREAK_GLASS", metadata=note(reason="x" * 20)),
        *(event(ago(hours=3), action="LOGIN_FAILED", user_id=BEN) for _ in range(10)),
        event(ago(hours=2), user_id="00000000-0000-0000-0000-0000000000ff", ip_address="not an address"),
        event(ago(hours=2), user_id="00000000-0000-0000-0000-000000000000"),
        event(ago(days=20), user_id=BEN, ip_address="10.9.9.1"),
        event(ago(hours=2), user_id=BEN, ip_address="10.2.3.9"),
    ])  # fmt: skip
    result = await reviewed(pg18_migrated, bulk_patients=12, crowd_users=2)
    assert result.unavailable == {}
    assert [(f.rule, f.user, f.patient) for f in result.findings] == [
        ("failed sign-ins", "ben.modelton", None),
        ("ghost user", None, None),
        ("bulk", "ana.testova", None),
        ("sweep", "ana.testova", None),
        ("self access", "ana.testova", "***0003"),
        ("break-glass without reason", "ana.testova", None),
        ("new network", "ben.modelton", None),
        ("past patients", "ana.testova", None),
        ("after hours", "ana.testova", None),  # a Saturday
        ("same last name", "ana.testova", "***0007"),
    ]
    tight: dict[str, Any] = {"after_hours_looks": 13, "past_patients": 13}
    looser = await reviewed(
        pg18_migrated, bulk_patients=13, sweep_looks=11, break_glass_uses=2, export_records=99, **tight
    )
    names = {finding.rule for finding in looser.findings}
    assert not names & {"bulk", "sweep", "past patients", "after hours"}
    assert names >= {"break-glass often", "export"}
    assert {f.id for f in found(result, "ghost user")} == {
        f.id for f in found(await reviewed(pg18_migrated, DAY - timedelta(days=9)), "ghost user")
    }


WARD, OTHER = (UUID(int=0xD1), UUID(int=0xD2))


def wards(dsn: str) -> None:
    """Two departments; everybody belongs to the first."""
    for ward in (WARD, OTHER):
        ask(dsn, f"insert into departments (id, name, code) values ('{ward}', '{ward}', '{str(ward)[-4:]}')")
    ask(dsn, f"update users set department_id = '{WARD}'")


def task(dsn: str, number: int, ward: UUID, day: str) -> None:
    """A task of a patient, by somebody of a department."""
    ask(dsn, "insert into tasks (title, created_by, department_id, emr_system, patient_id, patient_uuid, emr_data, "
             f"created_at, updated_at) values ('t', '{BEN}', '{ward}', 'EPIC', 'E{number}', "
             f"'00000000-0000-0000-0000-{number:012}', '{{}}', date '{day}', date '{day}')")  # fmt: skip


async def told(dsn: str, **thresholds: Any) -> list[tuple[str, str]]:
    """Rules and evidence."""
    return [(each.rule, each.evidence) for each in (await reviewed(dsn, **thresholds)).findings]


async def test_a_task_explains_a_look(pg18_migrated: str) -> None:
    """A few looks at those whose care is over belong to the work; one at a patient of others alone is a finding."""
    users(pg18_migrated, **{"ana.testova": ANA, "ben.modelton": BEN})
    wards(pg18_migrated)
    for number in range(1, 7):
        patient(pg18_migrated, "Eva", "Mock", number)
        task(pg18_migrated, number, OTHER, "2025-01-20")
    write(pg18_migrated, [look(number, at=NOON - timedelta(days=1, minutes=number)) for number in range(1, 3)])
    friday: dict[str, Any] = {"since": DAY - timedelta(days=1), "until": DAY}
    stranger = "Looks at a patient whom only other departments had: 1."
    assert await told(pg18_migrated, **friday) == [("no care relationship", stranger)] * 2
    many = [("no care relationship", "Patients on one day whom only other departments had: 2.")]
    assert await told(pg18_migrated, care_patients=2, **friday) == many
    task(pg18_migrated, 1, WARD, "2026-02-20")
    task(pg18_migrated, 2, WARD, "2025-06-20")
    assert await told(pg18_migrated, **friday) == []
    over = "Patients on one day whose care is over or has not begun: "
    assert await told(pg18_migrated, past_patients=1, **friday) == [("past patients", f"{over}1.")]
    assert await told(pg18_migrated, past_patients=1, care_days=10, **friday) == [("past patients", f"{over}2.")]
    ask(pg18_migrated, "update users set department_id = null")
    assert await told(pg18_migrated, past_patients=2, **friday) == [("past patients", f"{over}2.")]


async def test_a_shift_or_a_habit_explains_a_look_at_night(pg18_migrated: str) -> None:
    users(pg18_migrated, **{"ana.testova": ANA, "ben.modelton": BEN})
    wards(pg18_migrated)
    patient(pg18_migrated, "Eva", "Mock", 1)
    write(pg18_migrated, [look(1, at=datetime(2026, 3, 14, 3, tzinfo=UTC))])
    asked = {"after_hours_looks": 1}
    unusual = "Looks at night or on a weekend, unusual for this person: 1."
    assert await told(pg18_migrated, **asked) == [("after hours", unusual)]
    write(pg18_migrated, [look(1, at=datetime(2026, 3, day, 4, tzinfo=UTC)) for day in (1, 7)])
    assert await told(pg18_migrated, **asked) == []
    shift = "insert into shifts (department_id, start_time, end_time, supervisor_id) values "
    ask(pg18_migrated, f"{shift} ('{WARD}', '2026-03-13 16:00+00', '2026-03-14 01:30+00', '{ANA}')")
    assert await told(pg18_migrated, **asked) == []
    outside = "Looks outside every shift of the department: 1."
    assert await told(pg18_migrated, shift_hours=1, **asked) == [("after hours", outside)]


def test_thresholds_of_a_profile() -> None:
    said = {"profiles": {"a": {"review": {"bulk_patients": 40}}}}
    assert Settings.model_validate(said).review("a").bulk_patients == 40
    assert Settings.model_validate(said).review(None).bulk_patients == 30
    for wrong in (
        {"bulk": 40},
        {"bulk_patients": 0},
        {"bulk_patients": "40"},
        {"time_zone": "Mars"},
        {"time_zone": "../x"},
    ):
        with pytest.raises(ValueError, match="validation error"):
            Settings.model_validate({"profiles": {"a": {"review": wrong}}})
