"""Patients as they may be shown: masked by the server before they leave it; and the one row that is in clear."""

from datetime import date, datetime
from uuid import UUID

from console.row import Row


class Standing(Row):
    """Whether patients can be searched here."""

    patients: bool
    """Whether there are any (from 004 on)."""
    readable: bool
    """Whether our role may read them."""
    rows_hidden: bool
    """Whether row security hides some of them from our role."""
    trgm: str | None
    """Where pg_trgm is, which knows similar names; None without it."""


class Patient(Row):
    """One patient, masked."""

    id: UUID
    """patients.id; this is no PHI."""
    mrn: str
    """The record number, the last four characters of it."""
    name: str | None
    """The first letters; `encrypted` where the application keeps ciphertext."""
    birth_year: int
    """The year of birth."""
    system: str
    """The EMR."""
    emr_patient_id: str
    """The id there, the last four characters of it."""
    deleted: bool
    """Whether the application no longer shows this patient."""

    def as_json(self) -> dict[str, object]:
        """The row as --json spells it."""
        return self.model_dump()


class Encrypted(Row):
    """What a sample of the names looks like."""

    some: bool
    """Whether some of them are ciphertext."""
    every: bool
    """Whether all of them are."""


class TaskCount(Row):
    """How many tasks of a patient have a status."""

    status: str
    """The status."""
    tasks: int
    """How many."""
    overdue: int
    """How many of them are open and late."""


class Handover(Row):
    """A patient in a handover; what was said stays there."""

    handed_over_at: datetime
    """When it was written."""
    priority: str
    """How urgent."""
    status: str
    """How the task stood."""
    action_required: bool
    """Whether the next shift has to do something."""
    acknowledged: bool
    """Whether it has read that."""


class Clear(Row):
    """One patient in clear."""

    first_name: str
    """As it is stored."""
    last_name: str
    """As it is stored."""
    date_of_birth: date
    """The day."""
    gender: str | None
    """As the EMR gives it."""
    mrn: str
    """The record number."""
    system: str
    """The EMR."""
    emr_patient_id: str
    """The id there."""
    phone: str | None
    """As it is stored."""
    email: str | None
    """As it is stored."""


class Somebody(Row):
    """A user of the platform."""

    id: UUID
    """His id."""
    username: str
    """His name."""
    department: str | None
    """Where he works; None without one: then he sees no task."""
    is_active: bool
    """Whether he can sign in."""


class Role(Row):
    """The role of the platform's services, for us."""

    exists: bool
    """Whether this server has it."""


class Become(Row):
    """Who one is from here to the end of the transaction."""

    role: str
    """The role."""
    user_id: str
    """The user."""


class Visible(Row):
    """What somebody may see."""

    patients: int
    """How many patients."""
    tasks: int
    """How many tasks."""
    this_one: bool | None
    """Whether the patient that was asked about is among them; None where none was."""
