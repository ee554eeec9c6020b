"""One row of the audit log closer: what is known of it masked, and what a reveal shows."""

from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from console.row import Row


class Whole(Row):
    """One row of audit_logs with its JSON, masked by the server before it left it."""

    id: UUID
    """Its id."""
    created_at: datetime
    """When it happened."""
    user_id: UUID
    """Who did it."""
    action: str
    """What was done."""
    entity_type: str
    """To what kind of thing."""
    entity_id: UUID
    """To which one."""
    system: str | None
    """By way of which EMR."""
    patient: str | None
    """The patient's id in that EMR, the last four characters of it."""
    ip: str | None
    """From which network."""
    session_id: UUID | None
    """In which session of the application."""
    request_id: UUID
    """By which request."""
    user_agent: str | None
    """With which program, as it calls itself."""
    changes: JsonValue
    """Field -> {from, to}; None where it is too large to be read."""
    changes_bytes: int
    """Its size as it is stored."""
    metadata: JsonValue
    """What the application noted; None where there is nothing, or too much to be read."""
    operator: str | None
    """Who used this console, in a row that calls itself ours; None where nothing but the row vouches for the name."""
    metadata_bytes: int
    """Its size as it is stored; 0 where there is nothing."""
    context_bytes: int
    """Size of emr_context, of which nothing is shown unless it is revealed."""

    @property
    def about_patient(self) -> bool:
        """Whether it is about a patient: opening it is looking at him."""
        return self.entity_type == "PATIENT" or self.patient is not None

    @property
    def patient_id(self) -> UUID | None:
        """patients.id, where the row says it; this is no PHI."""
        return self.entity_id if self.entity_type == "PATIENT" and self.entity_id.int else None


class States(Row):
    """One row of audit_log_details: which fields differ between the states before and after, masked."""

    changes: JsonValue
    """Field -> {from, to}; None where nothing differs, or the states are too large to be read."""
    validation: JsonValue
    """What a validation said."""
    states_bytes: int
    """Size of both states as they are stored."""


class Revealed(Row):
    """What one row hides, in clear; JSON that is too large is None."""

    patient: str | None
    """The patient's id in the EMR."""
    ip: str | None
    """The address."""
    changes: str | None
    """The changes."""
    metadata: str | None
    """What the application noted."""
    context: str | None
    """What the EMR said."""


class RevealedStates(Row):
    """What one row of audit_log_details hides, in clear."""

    before: str | None
    """The state before."""
    after: str | None
    """The state after."""
    validation: str | None
    """What a validation said."""


class Vouched(Row):
    """An operator of this console whom somebody else than the row knows."""

    operator: str
    """He and his host."""
