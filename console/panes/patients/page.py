"""The page of one patient: who he is, his work, who looked last; and what a reveal shows."""

from collections.abc import Iterator, Sequence

from console.iso import to_minute, to_second
from console.services.audit.models import Event
from console.services.patients.found_models import Clear, Patient
from console.services.patients.showing import MOST, Shown
from console.ui.detail import Block
from console.ui.facts import Fact, facts_text
from console.ui.text import fit


def title(patient: Patient) -> str:
    """Whom it is about, as far as that may stand in a heading."""
    return f"Patient {patient.name or ''}, record number {patient.mrn}"


def facts(shown: Shown) -> list[Fact]:
    """Who he is, masked."""
    patient = shown.patient
    known = {
        "name": patient.name or "",
        "born": f"{patient.birth_year}",
        "record number": patient.mrn,
        "in the EMR": f"{patient.system}  {patient.emr_patient_id}",
        "id": str(patient.id),
        "deleted": "yes: the application no longer shows this patient" if patient.deleted else "",
        "note": shown.remark,
    }
    return [(label, value) for label, value in known.items() if value]


def blocks(shown: Shown) -> list[Block]:
    """His tasks, his handovers, who looked last."""
    return [
        Block("tasks", "\n".join(_tasks(shown)) or "none"),
        Block(f"handovers, the last {MOST}", "\n".join(_handovers(shown)) or "none"),
        Block(f"accesses, the last {MOST}; a shows all", "\n".join(map(_access, shown.accesses)) or "none"),
    ]


def clear_blocks(clear: Clear) -> Sequence[Block]:
    """What a reveal shows."""
    known = {
        "name": f"{clear.first_name} {clear.last_name}",
        "born": clear.date_of_birth.isoformat(),
        "gender": clear.gender or "",
        "record number": clear.mrn,
        "in the EMR": f"{clear.system}  {clear.emr_patient_id}",
        "phone": clear.phone or "",
        "email": clear.email or "",
    }
    return [Block("REVEALED", facts_text([(label, value) for label, value in known.items() if value]))]


def _tasks(shown: Shown) -> Iterator[str]:
    parts = [(each, "") for each in shown.tasks] + [(each, "known by the EMR's id only") for each in shown.unlinked]
    for each, note in parts:
        late = f"{each.overdue:,} overdue" if each.overdue else ""
        yield f"{fit(each.status, 20)}  {each.tasks:>7,}  {fit(late, 14)}  {note}".rstrip()


def _handovers(shown: Shown) -> Iterator[str]:
    for each in shown.handovers:
        read = "read" if each.acknowledged else "not read"
        action = "action required" if each.action_required else ""
        known = f"{fit(each.priority, 8)}  {fit(each.status, 20)}  {fit(read, 8)}  {action}"
        yield f"{to_minute(each.handed_over_at)}  {known}".rstrip()


def _access(event: Event) -> str:
    who = event.user or f"?{str(event.user_id)[:8]}"
    return f"{to_second(event.created_at)}  {fit(who, 20)}  {fit(event.action, 13)}  {event.ip or ''}".rstrip()
