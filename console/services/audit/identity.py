"""A patient is a union of identities: whoever asks who saw him wants the rows of all of them.

That is his id in `patients`, his id in an EMR, the tasks about him and their verifications, and what handovers say of
him. The EMR's id alone is not enough: it skips most of these, and another EMR may have given it to somebody else.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from console.db.database import Database
from console.db.pipeline import Request
from console.db.query import Query
from console.services.audit.models import Entity, Here, Identity, Patient, Task

PATIENTS = Query(__package__, "patients")
BY_UUID = Query(__package__, "tasks_by_uuid")
BY_EMR_ID = Query(__package__, "tasks_by_emr_id")
VERIFICATIONS = Query(__package__, "verifications")
HANDOVER_ITEMS = Query(__package__, "handover_items")


async def identify(db: Database, here: Here, words: Sequence[str]) -> Identity:
    """All identities of the patients that these record numbers, EMR ids or uuids mean; at most three round trips."""
    patients = await db.fetch(PATIENTS, Patient, words=list(words)) if here.patients else []
    tasks, items = await _belongings(db, here, patients, words)
    verifications = await db.fetch(VERIFICATIONS, Entity, tasks=[task.id for task in tasks]) if tasks else []
    return united(words, patients, tasks, [*verifications, *items])


async def _belongings(
    db: Database, here: Here, patients: Sequence[Patient], words: Sequence[str]
) -> tuple[list[Task], list[Entity]]:
    """Tasks and items of handovers, asked together."""
    emr_ids = {*words, *(patient.emr_patient_id for patient in patients)}
    by_uuid = Request(BY_UUID, Task, {"ids": [patient.id for patient in patients]})
    by_emr_id = Request(BY_EMR_ID, Task, {"emr_ids": sorted(emr_ids)})
    items = Request(HANDOVER_ITEMS, Entity, {"mrns": [patient.mrn for patient in patients]})
    wanted: list[Request[Task]] = []
    if here.tasks and here.tasks_by_uuid and patients:
        wanted.append(by_uuid)
    if here.tasks and here.tasks_by_emr_id:
        wanted.append(by_emr_id)
    asked: list[Request[Any]] = [*wanted, *([items] if here.handover_items and patients else [])]
    if not asked:
        return [], []
    answers = await db.ask(*asked)
    tasks = [task for request in wanted for task in answers.rows(request)]
    return _theirs(tasks, patients, words), answers.rows(items) if items in asked else []


def _theirs(tasks: Iterable[Task], patients: Sequence[Patient], words: Sequence[str]) -> list[Task]:
    """Those of these patients, or of a patient whom only tasks know: an id in another EMR is somebody else's."""
    theirs = {(patient.system, patient.emr_patient_id) for patient in patients}
    unknown = set(words) - {patient.word for patient in patients}
    return [
        task
        for task in tasks
        if task.patient_uuid or (task.system, task.emr_patient_id) in theirs or task.emr_patient_id in unknown
    ]


def united(
    words: Sequence[str], patients: Sequence[Patient], tasks: Sequence[Task], others: Iterable[Entity]
) -> Identity:
    """One identity of all that was found.

    >>> united(["TEST-1"], [], [], [])
    Identity(ids=(), pairs=(), alone=('TEST-1',), patient=None)
    """
    people = {patient.id for patient in patients}
    pairs = {(patient.system, patient.emr_patient_id) for patient in patients}
    pairs |= {(task.system, task.emr_patient_id) for task in tasks if task.emr_patient_id is not None}
    known = {patient.word for patient in patients} | {emr_id for _, emr_id in pairs}
    uuids = {found for word in words if (found := uuid_of(word)) is not None}  # one who has gone still has his rows
    ids = people | uuids | {task.id for task in tasks} | {other.id for other in others}
    return Identity(
        ids=tuple(sorted(ids)),
        pairs=tuple(sorted(pairs)),
        alone=tuple(word for word in words if word not in known and uuid_of(word) is None),
        patient=next(iter(people)) if len(people) == 1 and len(words) == 1 else None,
    )


def uuid_of(word: str) -> UUID | None:
    """The uuid that a word is; None if it is none.

    >>> uuid_of("TEST-1") is None, uuid_of("00000000000000000000000000000007")
    (True, UUID('00000000-0000-0000-0000-000000000007'))
    """
    try:
        return UUID(word)
    except ValueError:
        return None
