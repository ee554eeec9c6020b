"""The hospital that every table is a picture of: its departments, staff, patients and their tasks."""

from bisect import bisect_right
from dataclasses import dataclass, field
from random import Random

from console.demo.generate.moments import DAY, Period
from console.demo.generate.volumes import Volumes

# Of ten looks at a patient, so many go to the few who come again and again; the others go to those who are new.
CHRONIC_LOOKS = 0.35
CHRONIC_SHARE = 0.06
NEW_PATIENTS = 40

LEAVER_GONE = 200 * DAY
"""How long before the end of the data somebody has left for certain."""


@dataclass(frozen=True, slots=True)
class User:
    """A person of the staff."""

    id: str
    """users.id."""
    username: str
    """users.username."""
    family: str
    """The family name in it."""
    role: str
    """users.role."""
    department: int
    """The department's number."""
    hired: int
    """The first working day."""
    left: int
    """The moment of leaving, after the end of time for most."""
    shift: int
    """0, 1, 2: mostly by day, in the evening, at night."""

    def works(self, moment: int) -> bool:
        """Whether he or she is on the staff then."""
        return self.hired <= moment < self.left


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient who does not exist."""

    id: str
    """patients.id."""
    mrn: str
    """patients.mrn, with the test prefix."""
    given: str
    """patients.first_name."""
    family: str
    """patients.last_name."""
    system: str
    """patients.emr_system."""
    emr_id: str
    """patients.emr_patient_id."""
    department: int
    """Where most of the tasks are."""
    registered: int
    """The moment of registration."""


@dataclass(slots=True)
class Ward:
    """One department and what belongs to it."""

    id: str
    """departments.id."""
    staff: list[User] = field(default_factory=list)
    """Who works there; the first ones always did."""
    patients: list[Patient] = field(default_factory=list)
    """Patients in the order of registration; the first ones were there before the period."""
    registered: list[int] = field(default_factory=list)
    """Their moments of registration, for searching."""
    shifts: list[tuple[int, str]] = field(default_factory=list)
    """Start and id of its shifts, in order."""
    tasks: list[int] = field(default_factory=list)
    """Numbers of its tasks, in order of creation."""
    task_times: list[int] = field(default_factory=list)
    """Their moments of creation, for searching."""

    def patient(self, rng: Random, moment: int) -> Patient:
        """One who may be looked at then: a chronic patient, or one of the newest."""
        known = bisect_right(self.registered, moment) or 1
        draw = rng.random()
        if draw < CHRONIC_LOOKS:
            return self.patients[int(known * CHRONIC_SHARE * (draw / CHRONIC_LOOKS) ** 1.4)]
        return self.patients[known - 1 - int(min(known, NEW_PATIENTS) * rng.random() ** 1.5)]

    def colleague(self, rng: Random, moment: int) -> User:
        """Somebody who is on the staff then."""
        found = self.staff[int(len(self.staff) * rng.random())]
        return found if found.works(moment) else self.staff[0]

    def task(self, rng: Random, moment: int) -> int | None:
        """The number of a recent task; None as long as there is none."""
        known = bisect_right(self.task_times, moment)
        return self.tasks[known - 1 - int(min(known, NEW_PATIENTS) * rng.random())] if known else None

    def shift(self, moment: int) -> str | None:
        """The id of the shift that was on then, if it is among those that are kept."""
        place = bisect_right(self.shifts, (moment, "~"))
        return self.shifts[place - 1][1] if place else None


@dataclass(slots=True)
class World:
    """Everything that later rows refer to."""

    seed: int
    """The same seed makes the same world."""
    period: Period
    """The years it lives in."""
    volumes: Volumes
    """How large it is."""
    legacy: bool = True
    """Whether a task carries its patient's identifier in the EMR: migration 007 is not applied."""
    wards: list[Ward] = field(default_factory=list)
    """By number."""
    users: list[User] = field(default_factory=list)
    """The busiest first."""
    patients: list[Patient] = field(default_factory=list)
    """In the order of registration."""
    tasks: list[str] = field(default_factory=list)
    """tasks.id by number."""
    task_patients: list[int] = field(default_factory=list)
    """The patient's number by the task's."""

    @property
    def mark(self) -> str:
        """What keeps unique names of another seed apart in the same database."""
        return "" if self.seed == 1 else f"s{self.seed}-"
