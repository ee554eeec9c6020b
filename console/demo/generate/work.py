"""Shifts, tasks, and the checks of tasks against the EMR."""

from collections.abc import Iterator
from random import Random

from console.demo.generate import chance, moments, names
from console.demo.generate.rows import NULL, line
from console.demo.generate.world import Ward, World

SHIFT_COLUMNS = (
    "id", "department_id", "start_time", "end_time", "supervisor_id", "is_active", "created_at", "updated_at",
)  # fmt: skip
TASK_COLUMNS = (
    "id", "title", "description", "status", "priority", "assigned_to", "created_by", "department_id", "shift_id",
    "due_date", "emr_system", "patient_uuid", "emr_data", "vector_clock", "version",
    "requires_verification", "created_at", "updated_at", "vector_clock_node_id", "vector_clock_counter",
    "vector_clock_timestamp", "patient_id",
)  # fmt: skip
VERIFICATION_COLUMNS = (
    "id", "task_id", "verified_by", "status", "barcode_data", "verification_metadata", "failure_reason", "verified_at",
    "created_at", "updated_at", "vector_clock_node_id", "vector_clock_counter", "vector_clock_timestamp",
)  # fmt: skip

LENGTH = 8 * moments.HOUR
FIRST_HOUR = 7 * moments.HOUR
"""Shifts begin at 07:00, 15:00 and 23:00 UTC."""

PRIORITIES = ("LOW", "MEDIUM", "MEDIUM", "MEDIUM", "HIGH", "HIGH", "CRITICAL")
OPEN = ("TO_DO", "TO_DO", "IN_PROGRESS", "IN_PROGRESS", "PENDING_VERIFICATION", "COMPLETED", "COMPLETED", "BLOCKED")
RECENT = 0.04
"""The share of the newest tasks that may still be open."""

REASONS = ("barcode does not match", "EMR did not answer", "order was withdrawn")


def shift_start(moment: int) -> int:
    """When the shift began that is on at this moment.

    >>> moments.text(shift_start(moments.DAY + 6 * moments.HOUR))
    '1970-01-01 23:00:00.000000+00'
    """
    return (moment - FIRST_HOUR) // LENGTH * LENGTH + FIRST_HOUR


def any_shift(rng: Random) -> int:
    """0, 1, 2: by day, in the evening, at night; the night needs the fewest people."""
    draw = rng.random()
    return 0 if draw < 0.52 else 1 if draw < 0.82 else 2


def shifts(world: World) -> Iterator[str]:
    """Rows of shifts: the newest ones of every department, the last still to come; fills the wards."""
    rng = chance.stream(world.seed, "shifts")
    following = shift_start(world.period.end) + LENGTH
    for number, ward in enumerate(world.wards):
        count = chance.share(world.volumes.shifts, len(world.wards), number)
        for back, identifier in zip(reversed(range(count)), chance.uuids(rng, count), strict=True):
            start = following - back * LENGTH
            ward.shifts.append((start, identifier))
            yield _shift_row(world, rng, ward, start, identifier)


def _shift_row(world: World, rng: Random, ward: Ward, start: int, identifier: str) -> str:
    supervisor = next((user for user in ward.staff if user.role == "SUPERVISOR"), ward.staff[0])
    planned = moments.text(start - 14 * moments.DAY)
    still_on = start + LENGTH > world.period.end
    return line(
        identifier,
        ward.id,
        moments.text(start),
        moments.text(start + LENGTH),
        supervisor.id,
        still_on,
        planned,
        planned,
    )


def tasks(world: World) -> Iterator[str]:
    """Rows of tasks in the order of creation; tells the wards about them."""
    rng = chance.stream(world.seed, "tasks")
    count = world.volumes.tasks
    numbers = {patient.id: number for number, patient in enumerate(world.patients)}
    popularity = chance.zipf(len(world.wards), 0.6)
    world.tasks = chance.uuids(rng, count)
    for number, place in enumerate(rng.choices(range(len(world.wards)), cum_weights=popularity, k=count)):
        created = world.period.at((number + rng.random()) / count)
        ward = world.wards[place]
        patient = ward.patient(rng, created)
        ward.tasks.append(number)
        ward.task_times.append(created)
        world.task_patients.append(numbers[patient.id])
        yield _task_row(world, rng, number, created, place)


def _task_row(world: World, rng: Random, number: int, created: int, place: int) -> str:
    ward = world.wards[place]
    patient = world.patients[world.task_patients[number]]
    status = rng.choice(OPEN) if number >= (1 - RECENT) * world.volumes.tasks else "COMPLETED"
    updated = min(world.period.end, created + int(rng.expovariate(0.5) * moments.HOUR))
    steps = 1 + int(4 * rng.random())
    title, priority = rng.choice(names.TITLES), rng.choice(PRIORITIES)
    legacy = f"\t{patient.emr_id}" if world.legacy else ""
    return (
        f"{world.tasks[number]}\t{title}\t{NULL}\t{status}\t{priority}\t{ward.colleague(rng, created).id}\t"
        f"{ward.colleague(rng, created).id}\t{ward.id}\t{ward.shift(created) or NULL}\t"
        f"{moments.text(created + LENGTH)}\t{patient.system}\t{patient.id}\t"
        f'{{"order": "TEST-{number + 1}"}}\t{steps}\t{steps}\t{"t" if _verified(world, number) else "f"}\t'
        f"{moments.text(created)}\t{moments.text(updated)}\tward-{place + 1}\t{steps}\t{updated}"
        f"{legacy}\n"
    )


def task_columns(world: World) -> tuple[str, ...]:
    """The columns of a task's row; from 007 on the identifier in the EMR, the last one, is its patient's alone."""
    return TASK_COLUMNS if world.legacy else TASK_COLUMNS[:-1]


def _verified(world: World, number: int) -> bool:
    """Whether this task is one of those that are checked against the EMR: they are spread evenly."""
    return chance.share(world.volumes.emr_verifications, world.volumes.tasks, number) > 0


def verifications(world: World) -> Iterator[str]:
    """Rows of emr_verifications, one for each task that requires it."""
    rng = chance.stream(world.seed, "emr_verifications")
    identifiers = iter(chance.uuids(rng, world.volumes.emr_verifications))
    for place, ward in enumerate(world.wards):
        for number, created in zip(ward.tasks, ward.task_times, strict=True):
            for _ in range(chance.share(world.volumes.emr_verifications, world.volumes.tasks, number)):
                yield _verification_row(world, rng, next(identifiers), place, number, created)


def _verification_row(world: World, rng: Random, identifier: str, place: int, number: int, created: int) -> str:
    checked = min(world.period.end, created + int(rng.random() * moments.HOUR))
    moment = moments.text(checked)
    draw = rng.random()
    status = "FAILED" if draw < 0.05 else "EXPIRED" if draw < 0.06 else "VERIFIED"
    reason = rng.choice(REASONS) if status == "FAILED" else NULL
    verifier = world.wards[place].colleague(rng, created).id
    return (
        f"{identifier}\t{world.tasks[number]}\t{verifier}\t{status}\tTEST{number + 1:09d}\t"
        f'{{"response_time_ms": {response_time(rng)}}}\t{reason}\t{moment}\t{moment}\t{moment}\t'
        f"ward-{place + 1}\t1\t{checked}\n"
    )


def response_time(rng: Random) -> int:
    """Milliseconds that the EMR took: mostly a quarter of a second, seldom many."""
    return int(rng.lognormvariate(5.5, 0.6))
