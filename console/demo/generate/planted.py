"""Snooping that is there to be found: six stories, each at a fixed distance from the end of the data."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from console.demo.generate import moments
from console.demo.generate.events import Event, Recorder
from console.demo.generate.moments import DAY, HOUR, MINUTE, SECOND
from console.demo.generate.world import LEAVER_GONE, Patient, User, World

OUTSIDE = "203.0.113.66"
"""An address that documentation reserves; no department has one like it."""

AT_HOME = "198.51.100.23"
WARD_TERMINAL = "192.0.2.250"
BROWSER = "EMR-Web/7.0 (browser)"


@dataclass(frozen=True, slots=True)
class Story:
    """One thing that an auditor should find."""

    kind: str
    """What happened, in one word or two."""
    user: str
    """users.username of the one who did it, or of the account."""
    patient: str | None
    """patients.mrn, where one patient is concerned."""
    events: list[Event]
    """Its audit rows, oldest first."""

    def as_json(self) -> dict[str, object]:
        """Who, which patient, how often and when."""
        first, last = (moments.moment(self.events[place][0]) for place in (0, -1))
        counted = {"events": len(self.events), "first": first, "last": last}
        return {"kind": self.kind, "user": self.user, "patient": self.patient, **counted}


def stories(world: World, recorder: Recorder) -> list[Story]:
    """All of them, in this world."""
    return [tell(world, recorder) for tell in TELLERS]


def _story(kind: str, user: User, patient: Patient | None, events: Iterable[Event]) -> Story:
    return Story(kind, user.username, patient.mrn if patient else None, list(events))


def _before_the_end(world: World, days: int, hour: float) -> int:
    """A moment so many days before the end of the data, at this hour UTC."""
    return (world.period.end // DAY - days) * DAY + int(hour * HOUR)


def _who(world: World, role: str) -> User:
    """The busiest person of this role who has been here all the time."""
    period = world.period
    return next(u for u in world.users if u.role == role and u.works(period.start) and u.works(period.end))


def _known(world: World, moment: int, count: int, step: int = 1) -> list[Patient]:
    """So many patients who had been registered by then, every `step`-th; some come twice where there are few."""
    known = world.patients[: bisect_right(world.patients, moment, key=lambda patient: patient.registered)]
    return [known[place * step % len(known)] for place in range(count)]


def curious_crowd(world: World, recorder: Recorder) -> Story:
    """A patient in the news: a dozen people of other departments look within three days, none has a task."""
    patient = world.patients[0]
    start = _before_the_end(world, 40, 9)
    others = [user for user in world.users if user.department != patient.department and user.works(start)][:12]
    visits = [recorder.visit(user, WARD_TERMINAL, BROWSER) for user in others]
    events = (recorder.patient(visit, start + n * 5 * HOUR, "VIEW", patient) for n, visit in enumerate(visits))
    return _story("curious crowd", others[0], patient, events)


def relative(world: World, recorder: Recorder) -> Story:
    """A nurse looks at a patient of the same family name in another department, again and again over five months."""
    nurse = _who(world, "NURSE")
    strangers = [
        patient for patient in world.patients[: len(world.patients) // 4] if patient.department != nurse.department
    ]
    patient = next((other for other in strangers if other.family == nurse.family), strangers[0])
    visit = recorder.visit(nurse, AT_HOME, BROWSER)
    days = (150, 121, 97, 64, 33, 12)
    times = [_before_the_end(world, day, 20.6) for day in days]
    return _story("relative", nurse, patient, [recorder.patient(visit, time, "VIEW", patient) for time in times])


def night_sweep(world: World, recorder: Recorder) -> Story:
    """An administrator opens 120 records of all departments in 40 minutes, at ten past three at night."""
    clerk = _who(world, "ADMIN")
    visit = recorder.visit(clerk, AT_HOME, BROWSER)
    start = _before_the_end(world, 17, 3.17)
    seen = _known(world, start, 120, step=7)
    views = [recorder.patient(visit, start + 20 * n * SECOND, "VIEW", patient) for n, patient in enumerate(seen)]
    events = [recorder.signed(visit, start - MINUTE, "LOGIN"), *views]
    return _story("night sweep", clerk, None, events)


def bulk_export(world: World, recorder: Recorder) -> Story:
    """A doctor exports thousands of records three times on one evening."""
    doctor = _who(world, "DOCTOR")
    visit = recorder.visit(doctor, WARD_TERMINAL, BROWSER)
    start = _before_the_end(world, 9, 22.4)
    metadata = '{"format": "csv", "record_count": 5000}'
    patient = world.patients[1]
    exports = (recorder.patient(visit, start + n * 11 * MINUTE, "EXPORT", patient, metadata) for n in range(3))
    return _story("bulk export", doctor, None, exports)


def guessed_password(world: World, recorder: Recorder) -> Story:
    """Forty failed sign-ins in six minutes from outside, then one that works, then five records."""
    supervisor = _who(world, "SUPERVISOR")
    visit = recorder.visit(supervisor, OUTSIDE, BROWSER)
    start = _before_the_end(world, 3, 2.67)
    tries = [recorder.signed(visit, start + 9 * n * SECOND, "LOGIN_FAILED") for n in range(40)]
    entered = recorder.signed(visit, start + 6 * MINUTE, "LOGIN")
    patients = _known(world, start, 5)
    seen = [recorder.patient(visit, start + (7 + n) * MINUTE, "VIEW", patient) for n, patient in enumerate(patients)]
    return _story("guessed password", supervisor, None, [*tries, entered, *seen])


def leaver(world: World, recorder: Recorder) -> Story:
    """An account that was closed long ago is used once more."""
    gone = next(user for user in world.users if user.left <= world.period.end - LEAVER_GONE)
    visit = recorder.visit(gone, OUTSIDE, BROWSER)
    start = _before_the_end(world, 10, 13.1)
    patients = _known(world, start, 12)
    views = [recorder.patient(visit, start + n * 90 * SECOND, "VIEW", patient) for n, patient in enumerate(patients)]
    return _story("leaver", gone, None, views)


TELLERS: tuple[Callable[[World, Recorder], Story], ...] = (
    curious_crowd,
    relative,
    night_sweep,
    bulk_export,
    guessed_password,
    leaver,
)
