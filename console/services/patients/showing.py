"""One patient closer: who he is, masked; his tasks and handovers; who looked last. In clear only after a reason."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from console.db.database import Database
from console.db.pipeline import Answers, Request
from console.db.query import Query
from console.errors import StatementFailed, Unsupported, UsageError
from console.services.audit import search, walk
from console.services.audit.models import Event, Here
from console.services.audit.recording import Access, Recorder, unrecorded
from console.services.audit.revealing import reason_trouble
from console.services.events import Kept
from console.services.patients.finding import HIDDEN, standing
from console.services.patients.found_models import Clear, Handover, Patient, TaskCount

PATIENT = Query(__package__, "patient")
TASKS = Query(__package__, "tasks")
UNLINKED_TASKS = Query(__package__, "unlinked_tasks")
HANDOVERS = Query(__package__, "handovers")
CLEAR = Query(__package__, "clear")

MOST = 10
"""Handovers and accesses that are shown; the audit log has them all."""

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Shown:
    """One patient."""

    patient: Patient
    """Who he is, masked."""
    tasks: tuple[TaskCount, ...]
    """His tasks by status."""
    unlinked: tuple[TaskCount, ...]
    """Those that know him only by the EMR's id, which `emr-console backfill` links."""
    handovers: tuple[Handover, ...]
    """The latest of them."""
    accesses: tuple[Event, ...]
    """Who did what to him, the latest first."""
    unread: tuple[str, ...]
    """What could not be read, and why, each a sentence."""
    kept: Kept
    """Where it is written down that he was looked at."""

    @property
    def remark(self) -> str:
        """What has to be known about it; empty if nothing."""
        return " ".join([*self.unread, unrecorded(self.kept, "view")]).rstrip()


async def shown(db: Database, recorder: Recorder, patient: UUID) -> Shown:
    """A patient, masked; that he is looked at is written down. UsageError where he is not to be found."""
    here = await standing(db)
    around = (await db.fetch(search.HERE, Here))[0]
    who: Request[Patient] = Request(PATIENT, Patient, {"id": patient})
    parts = _parts(around, patient)
    answers = await db.ask(who, *parts.values())
    if not answers.rows(who):
        raise gone(here.rows_hidden)
    accesses, unread = await _accesses(db, patient)
    unread += [f"Of {name} nothing is known: {e.message}" for name, part in parts.items() if (e := answers.error(part))]
    if around.rows_hidden:
        unread.append("Row security hides rows from this role: tasks and handovers may be missing.")
    kept = await recorder.note(Access("VIEW", patient, "PATIENT"))
    tasks, unlinked, handovers = (_rows(answers, parts.get(name)) for name in ("tasks", "unlinked tasks", "handovers"))
    return Shown(answers.rows(who)[0], tasks, unlinked, handovers, accesses, tuple(unread), kept)


def gone(rows_hidden: bool) -> UsageError:
    """Said of an id that leads to nobody."""
    return UsageError(
        "No patient has this id.",
        state="Nothing is shown.",
        hint=HIDDEN if rows_hidden else "emr-console patients find tells the ids.",
    )


async def revealed(db: Database, recorder: Recorder, patient: UUID, reason: str) -> Clear:
    """A patient in clear. The REVEAL event is on the disk before anything is asked; Refused where it cannot be."""
    if trouble := reason_trouble(reason):
        raise UsageError(trouble, state="Nothing was shown.")
    await recorder.record(Access("REVEAL", patient, "PATIENT", reason))
    found = await db.fetch(CLEAR, Clear, id=patient)
    if not found:
        raise gone((await standing(db)).rows_hidden)
    return found[0]


def _parts(around: Here, patient: UUID) -> dict[str, Request[Any]]:
    """What can be asked here of a patient's work."""
    known: dict[str, object] = {"id": patient, "most": MOST}
    parts: dict[str, Request[Any]] = {}
    if around.tasks and around.tasks_by_uuid:
        parts["tasks"] = Request(TASKS, TaskCount, known)
    if around.tasks and around.tasks_by_emr_id and around.tasks_by_uuid:
        parts["unlinked tasks"] = Request(UNLINKED_TASKS, TaskCount, known)
    if around.handover_items:
        parts["handovers"] = Request(HANDOVERS, Handover, known)
    return parts


def _rows(answers: Answers, part: Request[M] | None) -> tuple[M, ...]:
    """The rows of a part; none of one that was not asked or not answered."""
    return () if part is None or answers.error(part) else tuple(answers.rows(part))


async def _accesses(db: Database, patient: UUID) -> tuple[tuple[Event, ...], list[str]]:
    """Who looked last; or why that cannot be told. A few rows of tomorrow would hide everybody who looked today."""
    said = []
    try:
        ready = await search.ready(db, f"patient:{patient} since:all")
        if ready.search.until > (latest := ready.here.now + search.SKEW):
            ready.search = replace(ready.search, until=latest)
            said = ["Rows dated ahead of the server's clock are in the audit log, and not among the last accesses."]
        return (await walk.page(db, ready, MOST)).rows, said
    except (Unsupported, StatementFailed) as error:
        return (), [f"Who looked cannot be told: {error.message}"]
