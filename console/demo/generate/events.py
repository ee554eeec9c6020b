"""Audit rows: what one user does in one session, as the platform would have recorded it."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from console.demo.generate import chance, moments
from console.demo.generate.rows import NULL
from console.demo.generate.work import response_time
from console.demo.generate.world import Patient, User, World

COLUMNS = (
    "id", "action", "entity_type", "entity_id", "user_id", "changes", "created_at", "ip_address", "user_agent",
    "session_id", "emr_system", "emr_patient_id", "request_id", "metadata",
)  # fmt: skip
DETAIL_COLUMNS = (
    "id", "audit_log_id", "audit_log_created_at", "previous_state", "new_state", "performance_metrics", "created_at",
)  # fmt: skip

Event = tuple[int, str]
"""The moment, and the row."""

VERIFY = {"EPIC": "EPIC_VERIFY", "CERNER": "CERNER_VERIFY", "GENERIC_FHIR": "EMR_VERIFY"}
STEPS = (("TO_DO", "IN_PROGRESS"), ("IN_PROGRESS", "PENDING_VERIFICATION"), ("IN_PROGRESS", "COMPLETED"))
UUIDS_AT_ONCE = 4_096


class Identifiers:
    """UUIDs one after the other, drawn in large pieces."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._left: list[str] = []

    def __call__(self) -> str:
        """The next one."""
        if not self._left:
            self._left = chance.uuids(self._rng, UUIDS_AT_ONCE)
        return self._left.pop()


@dataclass(frozen=True, slots=True)
class Visit:
    """One user at one place, from signing in to signing out."""

    user: User
    """Who."""
    ip: str
    """From where."""
    agent: str
    """With what."""
    session: str
    """session_id of all its rows."""


class Recorder:
    """Writes audit rows of this world; every method is one event and returns it."""

    def __init__(self, world: World, rng: Random) -> None:
        self.world = world
        """Where it happens."""
        self.rng = rng
        """The randomness of all events."""
        self._identifier = Identifiers(rng)

    def visit(self, user: User, ip: str, agent: str) -> Visit:
        """A new session of this user."""
        return Visit(user, ip, agent, self._identifier())

    def signed(self, visit: Visit, moment: int, action: str) -> Event:
        """LOGIN, LOGOUT or LOGIN_FAILED."""
        metadata = '{"reason": "wrong password"}' if action == "LOGIN_FAILED" else '{"mfa_used": true}'
        return self._event(visit, moment, action, "USER", visit.user.id, metadata=metadata)

    def patient(self, visit: Visit, moment: int, action: str, patient: Patient, metadata: str = NULL) -> Event:
        """Something that touches one patient's record and changes nothing."""
        return self._event(visit, moment, action, "PATIENT", patient.id, of=patient, metadata=metadata)

    def registered(self, visit: Visit, patient: Patient) -> Event:
        """The patient was registered; the values are masked as the trigger masks them."""
        changes = '{"mrn": {"to": "***", "from": null}, "last_name": {"to": "***", "from": null}}'
        return self._event(visit, patient.registered, "INSERT", "PATIENT", patient.id, changes, patient)

    def amended(self, visit: Visit, moment: int, patient: Patient) -> Event:
        """The patient's telephone number was changed."""
        changes = '{"phone": {"to": "***", "from": "***"}}'
        return self._event(visit, moment, "UPDATE", "PATIENT", patient.id, changes, patient)

    def verified(self, visit: Visit, moment: int, patient: Patient) -> Event:
        """A task was checked against the EMR, which sometimes fails."""
        failed = self.rng.random() < 0.04
        action = "EMR_VERIFY_FAILED" if failed else VERIFY[patient.system]
        outcome = "FAILED" if failed else "SUCCESS"
        metadata = f'{{"outcome": "{outcome}", "response_time_ms": {response_time(self.rng)}}}'
        return self.patient(visit, moment, action, patient, metadata)

    def task(self, visit: Visit, moment: int, action: str) -> Event:
        """A recent task of the user's department was seen, made or moved on."""
        number = self.world.wards[visit.user.department].task(self.rng, moment)
        if number is None:
            return self.searched(visit, moment)
        before, after = STEPS[int(3 * self.rng.random())]
        changes = f'{{"status": {{"to": "{after}", "from": "{before}"}}}}' if action == "UPDATE" else "{}"
        patient = self.world.patients[self.world.task_patients[number]]
        return self._event(visit, moment, action, "TASK", self.world.tasks[number], changes, patient)

    def searched(self, visit: Visit, moment: int) -> Event:
        """A list of patients was searched; what for is not recorded, how many were found is."""
        metadata = f'{{"results": {int(12 * self.rng.random())}}}'
        ward = self.world.wards[visit.user.department].id
        return self._event(visit, moment, "SEARCH", "PATIENT", ward, metadata=metadata)

    def configured(self, visit: Visit, moment: int) -> Event:
        """A setting of a colleague's account was changed."""
        colleague = self.world.wards[visit.user.department].colleague(self.rng, moment)
        changes = '{"preferences": {"to": {"theme": "dark"}, "from": {}}}'
        return self._event(visit, moment, "CONFIG_CHANGE", "USER", colleague.id, changes)

    def detail(self, event: Event) -> str:
        """The row of audit_log_details that belongs to a change."""
        moment, row = event
        identifier, action, _ = row.split("\t", 2)
        version = 2 + int(5 * self.rng.random())
        before, after = (NULL, 1) if action == "INSERT" else (f'{{"version": {version - 1}}}', version)
        text = moments.text(moment)
        return (
            f'{self._identifier()}\t{identifier}\t{text}\t{before}\t{{"version": {after}}}\t'
            f"{{{int(40 * self.rng.random()) + 1}}}\t{text}\n"
        )

    def _event(
        self,
        visit: Visit,
        moment: int,
        action: str,
        entity: str,
        identifier: str,
        changes: str = "{}",
        of: Patient | None = None,
        metadata: str = NULL,
    ) -> Event:
        next_id = self._identifier
        emr = f"{of.system}\t{of.emr_id}" if of is not None else f"{NULL}\t{NULL}"
        return moment, (
            f"{next_id()}\t{action}\t{entity}\t{identifier}\t{visit.user.id}\t{changes}\t{moments.text(moment)}\t"
            f"{visit.ip}\t{visit.agent}\t{visit.session}\t{emr}\t{next_id()}\t{metadata}\n"
        )


Action = Callable[[Recorder, Visit, int, Patient], Event]
"""What a user may do at some moment in a session, about a patient of the department."""

ACTIONS: dict[str, Action] = {
    "view patient": lambda r, v, t, p: r.patient(v, t, "VIEW", p),
    "reveal": lambda r, v, t, p: r.patient(v, t, "REVEAL", p, '{"field": "phone", "reason": "callback to patient"}'),
    "break glass": lambda r, v, t, p: r.patient(v, t, "BREAK_GLASS", p, '{"reason": "emergency admission"}'),
    "denied": lambda r, v, t, p: r.patient(v, t, "ACCESS_DENIED", p),
    "export": lambda r, v, t, p: r.patient(v, t, "EXPORT", p, '{"format": "pdf", "record_count": 1}'),
    "amend": lambda r, v, t, p: r.amended(v, t, p),
    "verify": lambda r, v, t, p: r.verified(v, t, p),
    "view task": lambda r, v, t, _: r.task(v, t, "VIEW"),
    "update task": lambda r, v, t, _: r.task(v, t, "UPDATE"),
    "insert task": lambda r, v, t, _: r.task(v, t, "INSERT"),
    "search": lambda r, v, t, _: r.searched(v, t),
    "configure": lambda r, v, t, _: r.configured(v, t),
}
"""By the names that HABITS uses."""

HABITS: dict[str, dict[str, int]] = {
    "NURSE": {
        "view patient": 420, "update task": 230, "verify": 120, "view task": 90, "search": 60, "insert task": 40,
        "amend": 20, "reveal": 8, "denied": 3, "break glass": 1,
    },
    "DOCTOR": {
        "view patient": 540, "insert task": 140, "search": 90, "update task": 80, "view task": 60, "verify": 40,
        "amend": 30, "reveal": 15, "export": 2, "break glass": 2, "denied": 1,
    },
    "SUPERVISOR": {
        "view task": 380, "view patient": 250, "update task": 180, "search": 100, "verify": 40, "insert task": 40,
        "configure": 5, "export": 2,
    },
    "ADMIN": {
        "search": 400, "view patient": 300, "amend": 220, "configure": 50, "export": 10, "reveal": 10, "denied": 5,
    },
}  # fmt: skip
"""How often each role does what; the numbers are weights."""
