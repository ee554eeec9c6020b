"""Patients of a made-up hospital as the pane shows them: masked, and what a reveal brings."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, ClassVar, NoReturn
from uuid import UUID

from console.db.database import Database
from console.errors import Refused, Unsupported
from console.panes.patients.service import People, Snapshot
from console.panes.patients.view import PatientsPane
from console.services.audit.models import Event
from console.services.events import Kept
from console.services.patients.finding import Found
from console.services.patients.found_models import Clear, Encrypted, Handover, Patient, Somebody, TaskCount, Visible
from console.services.patients.probing import Seen
from console.services.patients.showing import Shown
from console.ui.pane import Pane
from tests.panes.looks import NIGHT

PLAIN = Encrypted(some=False, every=False)
LETTERS = ("A*** T***", "B*** T***", "E*** T***", "J*** T***", "Z*** T***", "encrypted")


def patient(number: int) -> Patient:
    """One of LETTERS."""
    return Patient(
        id=UUID(int=0x7F3A << 96 | number), mrn=f"***{123 + number:04}", name=LETTERS[number],
        birth_year=1931 + 13 * number,
        system=("EPIC", "CERNER", "GENERIC_FHIR")[number % 3], emr_patient_id=f"***{626 + number:04}",
        deleted=number == 3,
    )  # fmt: skip


def found(*rows: Patient, **known: Any) -> Found:
    """A search; what is not said is as usual."""
    usual = {"shown": "T***", "more": False, "similar": False, "encrypted": PLAIN, "rows_hidden": False, "kept": Kept()}
    return Found(**{**usual, "rows": rows, **known})


def busy() -> Snapshot:
    """Some are found, of whom one is deleted and one encrypted."""
    return Snapshot(found(*map(patient, range(len(LETTERS))), encrypted=Encrypted(some=True, every=False)))


def unsearched() -> Snapshot:
    """Before the first search."""
    return Snapshot()


def unfound() -> Snapshot:
    """Nobody fits, because names cannot be searched."""
    return Snapshot(found(encrypted=Encrypted(some=True, every=True)))


def absent() -> NoReturn:
    """Before migration 004."""
    raise Unsupported(
        "There is no table of patients in emr.",
        state="Nothing was searched.",
        hint="It comes with migration 004: emr-console migrate up.",
    )


def access(hours: int, user: str | None, action: str, ip: str | None = "10.2.3.0/24") -> Event:
    """Somebody did something to a patient."""
    return Event(
        id=UUID(int=hours), created_at=NIGHT - timedelta(hours=hours), user_id=UUID(int=9), user=user, action=action,
        entity_type="PATIENT", entity_id=UUID(int=1), system="EPIC", patient="***0626", ip=ip, session_id=None,
        request_id=UUID(int=3),
    )  # fmt: skip


def closer() -> Shown:
    """A patient with work, handovers and accesses."""
    return Shown(
        patient=patient(4),
        tasks=(TaskCount(status="TO_DO", tasks=3, overdue=1), TaskCount(status="COMPLETED", tasks=41, overdue=0)),
        unlinked=(TaskCount(status="BLOCKED", tasks=1, overdue=0),),
        handovers=(
            Handover(handed_over_at=NIGHT - timedelta(hours=7), priority="URGENT", status="TO_DO", action_required=True,
                     acknowledged=False),
            Handover(handed_over_at=NIGHT - timedelta(hours=19), priority="LOW", status="COMPLETED",
                     action_required=False, acknowledged=True),
        ),
        accesses=(access(1, "ana", "VIEW"), access(5, "ben", "UPDATE"), access(30, None, "EXPORT", None)),
        unread=(), kept=Kept(),
    )  # fmt: skip


CLEAR = Clear(
    first_name="Zoë", last_name="\x1b[31mTestson", date_of_birth=date(1983, 2, 3), gender="female", mrn="TEST-000127",
    system="CERNER", emr_patient_id="TP0000630", phone="+1 217 555 0145", email=None,
)  # fmt: skip


class Known(People):
    """Answers from memory; whoever gives the reason `legal` cannot be written down."""

    async def shown(self, patient: UUID) -> Shown:
        """Always the same one."""
        return closer()

    async def revealed(self, patient: UUID, reason: str) -> Clear:
        """In clear, for most reasons."""
        if reason.startswith("legal"):
            raise Refused("This cannot be recorded in the audit log, so it is not shown.", state="Nothing was shown.")
        return CLEAR

    async def seen_by(self, user: str, patient: UUID) -> Seen:
        """Whoever asks works on ward 3."""
        somebody = Somebody(id=UUID(int=9), username=user, department="Ward 3", is_active=True)
        return Seen(somebody, Visible(patients=412, tasks=3_911, this_one=False))


def patients(answer: Callable[[], Snapshot] = busy) -> type[Pane[Any, Any]]:
    """The patients pane."""

    class Fed(PatientsPane):
        NAME: ClassVar = "patients"

        def people(self, database: Database) -> People:
            return Known(database)

        async def load(self) -> Snapshot:
            return answer()

    return Fed
