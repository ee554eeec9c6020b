"""Handovers from shift to shift, their items, and the forms for them."""

from collections.abc import Iterator
from random import Random

from console.demo.generate import chance, moments
from console.demo.generate.rows import line
from console.demo.generate.work import LENGTH, PRIORITIES
from console.demo.generate.world import Ward, World

HANDOVER_COLUMNS = (
    "id", "from_shift_id", "to_shift_id", "initiated_by", "accepted_by", "task_summary", "critical_events",
    "is_completed", "completed_at", "created_at", "updated_at", "vector_clock_node_id", "vector_clock_counter",
    "vector_clock_timestamp",
)  # fmt: skip
ITEM_COLUMNS = (
    "id", "handover_id", "task_id", "patient_mrn", "patient_name", "priority", "status", "description", "notes",
    "action_required", "is_acknowledged", "acknowledged_at", "metadata", "sort_order", "created_at", "updated_at",
)  # fmt: skip
TEMPLATE_COLUMNS = (
    "id", "name", "description", "department_id", "template_data", "is_active", "created_at", "updated_at",
)  # fmt: skip

BEFORE_THE_END = 20 * moments.MINUTE
NOTES = ("watch blood pressure", "family informed", "waiting for laboratory", None, None, None)


class Handovers:
    """Handovers go round the departments, from the newest shift backwards."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rng = chance.stream(world.seed, "handovers")
        self._ids = chance.uuids(self._rng, world.volumes.handovers)

    def handovers(self) -> Iterator[str]:
        """Rows of handovers."""
        for number in range(len(self._ids)):
            yield self._handover_row(number)

    def items(self) -> Iterator[str]:
        """Rows of handover_items, the same number for each handover."""
        rng = chance.stream(self._world.seed, "handover_items")
        identifiers = iter(chance.uuids(rng, self._world.volumes.handover_items))
        for number in range(len(self._ids)):
            for order in range(chance.share(self._world.volumes.handover_items, len(self._ids), number)):
                yield self._item_row(rng, next(identifiers), number, order)

    def _ward(self, number: int) -> tuple[int, Ward]:
        place = number % len(self._world.wards)
        return place, self._world.wards[place]

    def _created(self, number: int) -> tuple[int, str, str]:
        """When a handover was begun, and the ids of the shift that ended and of the one that followed."""
        _, ward = self._ward(number)
        back = number // len(self._world.wards) % (len(ward.shifts) - 1)
        (start, ending), (_, following) = ward.shifts[-2 - back], ward.shifts[-1 - back]
        return min(self._world.period.end, start + LENGTH - BEFORE_THE_END), ending, following

    def _handover_row(self, number: int) -> str:
        place, ward = self._ward(number)
        created, ending, following = self._created(number)
        taken = created + int((5 + 40 * self._rng.random()) * moments.MINUTE)
        done = taken < self._world.period.end
        return line(
            self._ids[number],
            ending,
            following,
            ward.colleague(self._rng, created).id,
            ward.colleague(self._rng, created).id if done else None,
            f'{{"open": {int(9 * self._rng.random())}, "done": {int(30 * self._rng.random())}}}',
            '[{"event": "fall, no injury"}]' if self._rng.random() < 0.05 else "[]",
            done,
            moments.text(taken) if done else None,
            moments.text(created),
            moments.text(taken if done else created),
            f"ward-{place + 1}",
            2 if done else 1,
            taken if done else created,
        )

    def _item_row(self, rng: Random, identifier: str, number: int, order: int) -> str:
        place, ward = self._ward(number)
        created, _, _ = self._created(number)
        task = ward.task(rng, created)
        patient = ward.patient(rng, created) if task is None else self._world.patients[self._world.task_patients[task]]
        acknowledged = created + moments.MINUTE * 30 < self._world.period.end
        moment = moments.text(created)
        return line(
            identifier,
            self._ids[number],
            None if task is None else self._world.tasks[task],
            patient.mrn,
            f"{patient.given} {patient.family}",
            rng.choice(PRIORITIES),
            "COMPLETED" if rng.random() < 0.6 else "IN_PROGRESS",
            f"Ward {place + 1}, item {order + 1}",
            rng.choice(NOTES),
            rng.random() < 0.2,
            acknowledged,
            moments.text(created + 10 * moments.MINUTE) if acknowledged else None,
            "{}",
            order,
            moment,
            moment,
        )


def templates(world: World) -> Iterator[str]:
    """Rows of handover_templates, one a department."""
    rng = chance.stream(world.seed, "handover_templates")
    since = moments.text(world.period.start)
    for ward, identifier in zip(world.wards, chance.uuids(rng, world.volumes.handover_templates), strict=True):
        form = '{"sections": ["situation", "background", "assessment", "recommendation"]}'
        yield line(identifier, "SBAR", "Synthetic form", ward.id, form, True, since, since)
