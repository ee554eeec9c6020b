"""Audit rows that are hard to export, and the folders of a person who exports them."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from console.demo.server import Cluster
from tests.fixtures.databases import fresh, template
from tests.migrate.servers import copied
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


def events() -> Iterator[dict[str, object]]:
    """Each action three times over five weeks: about a patient, a task, and nothing; with every odd character."""
    for n, action in enumerate(ACTIONS * 3):
        yield event(
            ago(hours=15 * n), action=action, user_id=[ANA, BEN][n % 2], user_agent=["=cmd()", ODD, " ", None][n % 4],
            entity_type=["PATIENT", "TASK", "AUDIT_LOG"][n % 3], entity_id=UUID(int=[77, 78, 0][n % 3]),
            emr_system=["EPIC", None, None][n % 3], emr_patient_id=["TP0000626", "-2+3 0626", None][n % 3],
            ip_address=["10.2.3.4", "2001:db8:7:8::1", "=oops", None][n % 4],
            changes=json.dumps({
                "first_name": {"from": "Quentin", "to": ODD}, "status": {"from": "TO_DO", "to": "COMPLETED"},
            }),
            metadata=[None, json.dumps({"outcome": "FAILED", "note": ODD})][n % 2],
            session_id=[None, UUID(int=9)][n % 2],
        )  # fmt: skip


@pytest.fixture(scope="session")
def shared_log(pg18: Cluster) -> Iterator[str]:
    """A log for whoever only exports it: what is written down of that is of today, behind all that is exported."""
    with fresh(pg18, template(pg18)) as dsn:
        users(dsn, ana=ANA)
        write(dsn, events())
        yield dsn


@pytest.fixture
def log(pg18: Cluster, shared_log: str) -> Iterator[str]:
    """A copy of it."""
    with copied(pg18, shared_log) as dsn:
        yield dsn
