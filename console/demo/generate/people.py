"""Departments, users and patients."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from console.demo.generate import chance, moments, names
from console.demo.generate.rows import line
from console.demo.generate.work import any_shift
from console.demo.generate.world import LEAVER_GONE, Patient, User, Ward, World

DEPARTMENT_COLUMNS = ("id", "name", "code", "description", "created_at", "updated_at")
USER_COLUMNS = (
    "id", "username", "email", "role", "department_id", "password_hash", "is_active", "last_login", "preferences",
    "created_at", "updated_at",
)  # fmt: skip
PATIENT_COLUMNS = (
    "id", "mrn", "first_name", "last_name", "date_of_birth", "gender", "emr_system", "emr_patient_id", "emr_metadata",
    "phone", "email", "created_at", "updated_at",
)  # fmt: skip

NEVER = 1 << 62
EXAMPLE = 122
"""The place, from 0, of the patient whom the examples of the console name: TEST-0000123, Testson, An..."""
BORN = datetime(1980, 2, 3, tzinfo=UTC)
"""The example's birthday."""
KEPT_STAFF = 4
"""So many people of a department were there from the beginning and stay."""

NO_PASSWORD = "!synthetic"
"""No hash of anything: nobody can sign in with it."""


def departments(world: World) -> Iterator[str]:
    """Rows of departments; makes the world's wards."""
    rng = chance.stream(world.seed, "departments")
    since = moments.text(world.period.start)
    for number, identifier in enumerate(chance.uuids(rng, world.volumes.departments)):
        world.wards.append(Ward(identifier))
        name = names.ward(number)
        yield line(identifier, name, department_code(world, number), f"{name}, a synthetic department", since, since)


def department_code(world: World, number: int) -> str:
    """The code of a department, which no other seed gives to one of its own."""
    return f"TEST-{world.mark}D{number + 1:02d}"


def users(world: World) -> Iterator[str]:
    """Rows of users; makes the world's staff, the busiest first whatever the department."""
    rng = chance.stream(world.seed, "users")
    staff = [_user(world, rng, *each) for each in enumerate(chance.uuids(rng, world.volumes.users))]
    for user in staff:
        world.wards[user.department].staff.append(user)
        yield _user_row(world, rng, user)
    world.users = sorted(staff, key=lambda _: rng.random())


def _user(world: World, rng: Random, number: int, identifier: str) -> User:
    place, department = divmod(number, len(world.wards))
    given, family = rng.choice(names.GIVEN), rng.choice(names.FAMILY)
    hired, left = _employment(world.period, rng, stays=place < KEPT_STAFF)
    if number == world.volumes.users - 1:
        hired, left = min(hired, world.period.start), world.period.end - LEAVER_GONE
    return User(
        id=identifier,
        username=names.username(given, family, number + 1) + world.mark.strip("-"),
        family=family,
        role=names.ROLES[place % len(names.ROLES)],
        department=department,
        hired=hired,
        left=left,
        shift=any_shift(rng),
    )


def _employment(period: moments.Period, rng: Random, *, stays: bool) -> tuple[int, int]:
    """First and last moment on the staff."""
    before = period.start - int(rng.random() * 1_000) * moments.DAY
    if stays or rng.random() < 0.5:
        hired = before
    else:
        hired = period.start + int(rng.random() * 0.95 * (period.end - period.start))
    if stays or rng.random() > 0.15:
        return hired, NEVER
    return hired, max(hired, period.start) + int(rng.random() * 3_000) * moments.DAY


def _user_row(world: World, rng: Random, user: User) -> str:
    end = world.period.end
    active = user.works(end)
    last_seen = min(user.left, end) - int(rng.random() * 5 * moments.DAY)
    return line(
        user.id,
        user.username,
        f"{user.username}@staff.example.org",
        user.role,
        world.wards[user.department].id,
        NO_PASSWORD,
        active,
        moments.text(max(user.hired, last_seen)),
        '{"theme": "dark"}' if rng.random() < 0.3 else "{}",
        moments.text(user.hired),
        moments.text(user.hired if active else min(user.left, end)),
    )


def patients(world: World) -> Iterator[str]:
    """Rows of patients in the order of registration; fills the wards."""
    rng = chance.stream(world.seed, "patients")
    popularity = chance.zipf(len(world.wards), 0.6)
    for number, identifier in enumerate(chance.uuids(rng, world.volumes.patients)):
        patient = _patient(world, rng, popularity, number, identifier)
        world.patients.append(patient)
        ward = world.wards[patient.department]
        ward.patients.append(patient)
        ward.registered.append(patient.registered)
        yield _patient_row(rng, patient, number)


def _patient(world: World, rng: Random, popularity: list[float], number: int, identifier: str) -> Patient:
    founders = max(2 * len(world.wards), world.volumes.patients // 4)
    if number < founders:
        registered = world.period.start - (founders - number) * moments.MINUTE
        department = number % len(world.wards)
    else:
        registered = world.period.at((number - founders + rng.random()) / (world.volumes.patients - founders))
        department = rng.choices(range(len(world.wards)), cum_weights=popularity)[0]
    given, family = rng.choice(names.GIVEN), rng.choice(names.FAMILY)
    return Patient(
        id=identifier,
        mrn=f"TEST-{world.mark}{number + 1:07d}",
        given="Ana" if number == EXAMPLE else given,
        family="Testson" if number == EXAMPLE else family,
        system=rng.choice(names.SYSTEMS),
        emr_id=f"TP{world.mark}{number + 1:07d}",
        department=department,
        registered=min(registered, world.period.end - moments.HOUR),
    )


def _patient_row(rng: Random, patient: Patient, number: int) -> str:
    born = datetime.fromtimestamp(patient.registered // moments.SECOND, UTC) - timedelta(
        days=rng.random() ** 0.7 * 34_000
    )
    registered = moments.text(patient.registered)
    return line(
        patient.id,
        patient.mrn,
        patient.given,
        patient.family,
        (BORN if number == EXAMPLE else born).date(),
        rng.choice(("female", "male", "female", "male", "other", None)),
        patient.system,
        patient.emr_id,
        '{"synthetic": true}',
        names.phone(number),
        f"patient{number + 1}@example.org",
        registered,
        registered,
    )
