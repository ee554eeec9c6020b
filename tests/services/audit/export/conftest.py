"""Audit rows that are hard to export, and the folders of a person who exports them."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from tests.services.audit.logging import ANA, BEN, ago, event, users, write

ACTIONS = (
    "INSERT", "UPDATE", "DELETE", "LOGIN", "LOGOUT", "EMR_VERIFY", "EPIC_VERIFY", "CERNER_VERIFY", "VIEW", "SEARCH",
    "REVEAL", "EXPORT", "BREAK_GLASS", "LOGIN_FAILED", "ACCESS_DENIED", "EMR_VERIFY_FAILED", "CONFIG_CHANGE", "TEST",
)  # fmt: skip
ODD = 'Žofie "O\'Neil"\\n, \t<b>\n=1+1'


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def log(pg18_migrated: str) -> str:
    """Each action three times over five weeks: about a patient, a task, and nothing; with every odd character."""
    users(pg18_migrated, ana=ANA)
    write(pg18_migrated, (
        event(
            ago(hours=15 * n), action=action, user_id=[ANA, BEN][n % 2], user_agent=["=cmd()", ODD, " ", None][n % 4],
            entity_type=["PATIENT", "TASK", "AUDIT_LOG"][n % 3], entity_id=UUID(int=[77, 78, 0][n % 3]),
            emr_system=["EPIC", None, None][n % 3], emr_patient_id=["TP0000626", "-2+3 0626", None][n % 3],
            ip_address=["10.2.3.4", "2001:db8:7:8::1", "=oops", None][n % 4],
            changes=json.dumps({
                "first_name": {"from": "Quentin", "to": ODD}, "status": {"from": "TO_DO", "to": "COMPLETED"},
            }),
            metadata=[None, json.dumps({"outcome": "FAILED", "note": ODD})][n % 2],
            session_id=[None, UUID(int=9)][n % 2],
        )
        for n, action in enumerate(ACTIONS * 3)
    ))  # fmt: skip
    return pg18_migrated
