"""Rows of the audit log as they may be shown: masked by the server before they leave it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.row import Row


class Event(Row):
    """One row of audit_logs, masked."""

    id: UUID
    """Its id; found again only together with created_at."""
    created_at: datetime
    """When it happened."""
    user_id: UUID
    """Who did it; a user who has gone by now keeps the id."""
    user: str | None = None
    """His name, or the role by which somebody used this console; None if no user has this id any more, or our role may
    not read users."""
    action: str
    """What was done."""
    entity_type: str
    """To what kind of thing."""
    entity_id: UUID
    """To which one; the nil uuid stands for many."""
    system: str | None
    """By way of which EMR."""
    patient: str | None
    """The patient's id in that EMR, the last four characters of it."""
    ip: str | None
    """From which network: /24, or /48."""
    session_id: UUID | None
    """In which session of the application."""
    request_id: UUID
    """By which request."""

    def as_json(self) -> dict[str, object]:
        """The row as --json spells it."""
        return self.model_dump()


class Here(Row):
    """What this database has to offer to a search, at its level of the schema and to our role."""

    audit_logs: bool
    """Whether there is an audit log."""
    readable: bool
    """Whether our role may read it."""
    patients: bool
    """Whether patients can be looked up."""
    users: bool
    """Whether users have names."""
    handover_items: bool
    """Whether handovers can be looked up."""
    tasks: bool
    """Whether tasks and their verifications can be looked up."""
    tasks_by_uuid: bool
    """Whether tasks know their patient (from 004 on)."""
    tasks_by_emr_id: bool
    """Whether tasks know the EMR's id of their patient (until 007)."""
    rows_hidden: bool
    """Whether row security hides patients, tasks or handovers from our role: an identity may be found in part only."""
    now: datetime
    """The server's clock."""
    whose: str
    """Which server since its start, database and role: what a search was written down for."""
    any_bytes: bool
    """Whether text is any bytes here (SQL_ASCII), in no encoding that the server knows."""
    oldest_bound: datetime | None
    """Where the oldest partition begins; None without partitions."""
    default_in_use: bool
    """Whether rows stand in the DEFAULT partition, of any age."""


class Oldest(Row):
    """The beginning of the audit log."""

    oldest: datetime | None
    """The oldest moment at which there can be a row; None where there is none."""


class Before(Row):
    """What lies before the oldest row that can be shown."""

    before: bool
    """Whether there are rows that are dated earlier than any search can say."""


class Newest(Row):
    """The newest row, where one is dated ahead of the clock."""

    newest: datetime | None
    """Its moment; None where no row is dated ahead."""
    beyond: bool
    """Whether there are rows that are dated later than any search can say."""


class Patient(Row):
    """A patient that a word means; never shown."""

    word: str
    """What was asked for."""
    id: UUID
    """patients.id."""
    mrn: str
    """The record number."""
    system: str
    """The EMR."""
    emr_patient_id: str
    """His id there."""


class Task(Row):
    """A patient's task."""

    id: UUID
    """Its id."""
    system: str
    """The EMR it comes from."""
    emr_patient_id: str | None
    """The EMR's id of its patient; None where it was found by the patient."""
    patient_uuid: UUID | None
    """The patient; None where it was found by the EMR's id."""


class Entity(Row):
    """Something that belongs to a patient."""

    id: UUID
    """Its id."""


class User(Row):
    """Somebody who uses the platform."""

    id: UUID
    """His id."""
    username: str
    """His name."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything by which patients can be found in the audit log."""

    ids: tuple[UUID, ...] = ()
    """Entities that stand for them: themselves, their tasks and the verifications of those, items in handovers."""
    pairs: tuple[tuple[str, str], ...] = ()
    """EMR and id there."""
    alone: tuple[str, ...] = ()
    """Words that no patient and no task has: they may be EMR ids of patients who have gone."""
    patient: UUID | None = None
    """patients.id, where exactly one patient is meant; this is no PHI."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a walk goes on."""

    at: datetime
    """created_at of the last row, or the moment down to which there is nothing more."""
    id: UUID
    """Its id."""
    width: float
    """Seconds that the next window is wide."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a walk, the newest rows first."""

    rows: tuple[Event, ...]
    """What was found."""
    searched_from: datetime
    """Down to which moment has been looked."""
    searched_to: datetime
    """From which moment the search goes back."""
    following: Cursor | None
    """Where the next page begins; None when everything has been looked at."""

    @property
    def complete(self) -> bool:
        """Whether the whole span of time has been looked at."""
        return self.following is None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a walk has read beyond its last page."""

    start: Cursor
    """Where that page ended."""
    page: Page
    """What lies behind it; never empty."""
