"""The synthetic hospital's rows, before any database: the same for the same seed, and nobody in it can be real."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from console.demo.generate import events, handovers, moments, people, volumes, work
from console.demo.generate.audit import Audit
from console.demo.generate.world import World

END = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


def tables(seed: int, scale: float = 0.001) -> dict[str, list[str]]:
    """All rows, without a database."""
    world = World(seed, moments.until(END), volumes.at(scale))
    made = {
        "departments": list(people.departments(world)),
        "users": list(people.users(world)),
        "shifts": [],
        "patients": list(people.patients(world)),
    }
    made["shifts"] = list(work.shifts(world))
    made["tasks"] = list(work.tasks(world))
    made["emr_verifications"] = list(work.verifications(world))
    shift_changes = handovers.Handovers(world)
    made["handovers"] = list(shift_changes.handovers())
    made["handover_items"] = list(shift_changes.items())
    made["handover_templates"] = list(handovers.templates(world))
    audit, made["audit_logs"], made["audit_log_details"] = Audit(world), [], []
    for piece in audit.pieces(20_000):
        made["audit_logs"] += piece.logs()
        made["audit_log_details"] += piece.details
    return made


@pytest.fixture(scope="module")
def made() -> dict[str, list[str]]:
    return tables(1)


def column(rows: list[str], columns: tuple[str, ...], name: str) -> list[str]:
    place = columns.index(name)
    return [row.rstrip("\n").split("\t")[place] for row in rows]


def test_the_same_seed_makes_the_same_rows() -> None:
    def digest(seed: int) -> str:
        rows = tables(seed, scale=0.0001)
        return sha256("".join("".join(lines) for lines in rows.values()).encode()).hexdigest()

    assert digest(1) == digest(1) != digest(2)


def test_there_are_as_many_rows_as_the_scale_says(made: dict[str, list[str]]) -> None:
    sizes = volumes.at(0.001)
    wanted = {name: getattr(sizes, name) for name in made}
    wanted["audit_log_details"] = pytest.approx(sizes.audit_log_details, rel=0.03)
    assert {name: len(rows) for name, rows in made.items()} == wanted


def test_nobody_in_it_can_be_real(made: dict[str, list[str]]) -> None:
    patients = made["patients"]
    assert all(mrn.startswith("TEST-") for mrn in column(patients, people.PATIENT_COLUMNS, "mrn"))
    assert all(re.fullmatch(r"\+1 \d{3} 555 01\d\d", n) for n in column(patients, people.PATIENT_COLUMNS, "phone"))
    mail = column(patients, people.PATIENT_COLUMNS, "email") + column(made["users"], people.USER_COLUMNS, "email")
    assert all(address.endswith("example.org") for address in mail)


def test_the_patient_of_the_examples_is_there() -> None:
    world = World(1, moments.until(END), volumes.at(0.005))
    list(people.departments(world))
    list(people.users(world))
    (found,) = [row for row in people.patients(world) if "\tTEST-0000123\t" in row]
    assert "\tAna\tTestson\t1980-02-03\t" in found


def test_few_people_do_much(made: dict[str, list[str]]) -> None:
    users = Counter(column(made["audit_logs"], events.COLUMNS, "user_id"))
    busiest = sum(count for _, count in users.most_common(len(users) // 5))
    assert busiest > 0.4 * len(made["audit_logs"])


def test_some_patients_are_looked_at_often(made: dict[str, list[str]]) -> None:
    seen = Counter(column(made["audit_logs"], events.COLUMNS, "emr_patient_id"))
    del seen[r"\N"]
    assert seen.most_common(1)[0][1] > 5 * (sum(seen.values()) / len(seen))


def test_days_are_busier_than_nights(made: dict[str, list[str]]) -> None:
    hours = Counter(int(moment[11:13]) for moment in column(made["audit_logs"], events.COLUMNS, "created_at"))
    assert sum(hours[hour] for hour in range(7, 15)) > 1.5 * sum(hours[hour] for hour in (23, *range(7)))


def test_nothing_is_so_old_that_retention_would_drop_it(made: dict[str, list[str]]) -> None:
    oldest = min(column(made["audit_logs"], events.COLUMNS, "created_at"))
    assert END - timedelta(days=2555) <= datetime.fromisoformat(oldest) < END - timedelta(days=2540)


def test_every_story_is_told_in_full(made: dict[str, list[str]]) -> None:
    world = World(1, moments.until(END), volumes.at(0.001))
    for _ in (*people.departments(world), *people.users(world), *people.patients(world), *work.tasks(world)):
        pass
    stories = {story.kind: story for story in Audit(world).stories}
    assert {kind: len(story.events) for kind, story in stories.items()} == {
        "curious crowd": 12,
        "relative": 6,
        "night sweep": 121,
        "bulk export": 3,
        "guessed password": 46,
        "leaver": 12,
    }
    assert all(moment < world.period.end for story in stories.values() for moment, _ in story.events)
