"""One row of the audit log closer: masked for whoever may search, in clear for whoever has said why first."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from console.db import operator
from console.db.database import Database
from console.db.pipeline import Request
from console.db.query import Query
from console.errors import UsageError
from console.services.audit.closer_models import Revealed, RevealedStates, States, Vouched, Whole
from console.services.audit.models import Event
from console.services.audit.recording import Access, Recorder
from console.services.audit.revealing import reason_trouble
from console.services.audit.sealing import row as row_seal
from console.services.events import Kept
from console.sql.masks import LARGEST

EVENT = Query(__package__, "event")
STATES = Query(__package__, "states")
VOUCHED = Query(__package__, "vouched")
REVEALED = Query(__package__, "revealed")
REVEALED_STATES = Query(__package__, "revealed_states")

SOON = timedelta(days=1)
"""So long before or after a row its details are written at most."""

MOST_STATES = 20
"""Rows of audit_log_details that are read."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A row that somebody has opened."""

    whole: Whole
    """The row."""
    states: list[States]
    """Its details."""
    unread: str
    """Why its details could not be read; empty if they were."""
    kept: Kept
    """Where the view is written down; for a row about no patient nothing is."""
    sealed: str = ""
    """Whether the row is under a seal, and is what was sealed."""


@dataclass(frozen=True, slots=True)
class Clear:
    """A row in clear."""

    row: Revealed
    """The row."""
    states: list[RevealedStates]
    """Its details."""


async def opened(db: Database, recorder: Recorder, event: Event) -> Opened | None:
    """A row, masked; None where it has gone. Where it is about a patient, a VIEW event is written."""
    row: Request[Whole] = Request(EVENT, Whole, _place(event) | _ours())
    states: Request[States] = Request(STATES, States, _place(event) | _details(event))
    vouched: Request[Vouched] = Request(VOUCHED, Vouched, _place(event) | _ours())
    answers = await db.ask(row, states, vouched)
    if not answers.rows(row):
        return None
    whole, trouble = answers.rows(row)[0], answers.error(states)
    if answers.error(vouched) is None and answers.rows(vouched):  # where there is no ledger nobody vouches
        whole = whole.model_copy(update={"operator": answers.rows(vouched)[0].operator})
    kept = await recorder.note(_access("VIEW", whole, "")) if whole.about_patient else Kept()
    sealed = await row_seal.state(db, whole.id, whole.created_at)
    return Opened(whole, [] if trouble else answers.rows(states), trouble.message if trouble else "", kept, sealed)


async def revealed(db: Database, recorder: Recorder, whole: Whole, reason: str) -> Clear:
    """A row in clear. The REVEAL event is on the disk before anything is asked; Refused where it cannot be written."""
    if trouble := reason_trouble(reason):
        raise UsageError(trouble, state="Nothing was shown.")
    await recorder.record(_access("REVEAL", whole, reason))
    row: Request[Revealed] = Request(REVEALED, Revealed, _place(whole))
    states: Request[RevealedStates] = Request(REVEALED_STATES, RevealedStates, _place(whole) | _details(whole))
    answers = await db.ask(row, states)
    found = answers.rows(row)
    if not found:
        raise UsageError("This row has gone.", state="Nothing was shown.", hint="Search again.")
    return Clear(found[0], answers.rows(states) if answers.error(states) is None else [])


def _access(action: Literal["VIEW", "REVEAL"], whole: Whole, reason: str) -> Access:
    detail: dict[str, object] = {"row": str(whole.id), "row_at": whole.created_at.isoformat()}
    return Access(action, whole.patient_id, "PATIENT" if whole.about_patient else "AUDIT_LOG", reason, detail)


def _place(row: Event | Whole) -> dict[str, object]:
    return {"at": row.created_at, "id": row.id}


def _ours() -> dict[str, object]:
    return {"largest": LARGEST, "operator": operator.current().user}


def _details(row: Event | Whole) -> dict[str, object]:
    span = {"lower": row.created_at - SOON, "upper": row.created_at + SOON}
    return {**span, "largest": LARGEST, "most": MOST_STATES}
