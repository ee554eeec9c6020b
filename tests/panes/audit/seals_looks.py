"""Days of a made-up audit log under seal: proven, broken, late, retired, and those without one yet."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from console.panes.audit.seals.days import sealing
from console.panes.audit.seals.sealed import Sealing
from console.panes.audit.seals.service import Vault
from console.panes.audit.seals.view import SealsPane
from console.services.audit.sealing.models import Finding, Hear, Later, Progress, Proof, Seal
from console.services.audit.sealing.service import COLUMNS
from console.ui.pane import Pane
from tests.panes.audit import looks as audit_looks
from tests.panes.looks import NIGHT

TODAY = NIGHT.date()
KEY = "9f3c" * 16
PROOF = Proof(at=NIGHT - timedelta(days=6), operator="eve@ops1", outcome="intact")


def seal(table: str, back: int) -> Seal:
    """One day of a table, so many days ago; the newer ones are signed, the two oldest retired."""
    number = 40 - back
    retired = {"retired_at": NIGHT, "retired_by": "eve@ops1"} if back >= 38 else {}
    signed = {"public_key": KEY, "signature": "00"} if back < 30 else {}
    return Seal.model_validate({
        "table_name": table, "number": number, "day": TODAY - timedelta(days=back), "rows": 27_000 + 431 * back,
        "content": "", "previous": None, "seal": f"{number:064x}", "format": 1,
        "sealed_at": datetime(2026, 3, 12, 2, tzinfo=UTC), "sealed_by": "cron@ops1", "sealed_as": "emr_owner",
        **retired, **signed,
    })  # fmt: skip


SEALS = [seal(table, back) for table in COLUMNS for back in range(39, 3, -1)]


def wrong(back: int, state: str, sentence: str, *later: Later) -> Finding:
    """What a verification finds on a day."""
    known = {"table": "audit_logs", "day": TODAY - timedelta(days=back), "state": state, "sentence": sentence}
    return Finding.model_validate(known | {"later": later})


SENTENCES = {
    "changed": "The rows are not those that were sealed 2026-03-12 02:00 UTC: 29,155 then, 29,155 now.",
    "late": "Rows written after the day was sealed 2026-03-12 02:00 UTC: 2. The 29,586 sealed ones are unchanged.",
}
LATER = [Later(id=audit_looks.event(n).id, created_at=NIGHT - timedelta(days=6, minutes=n)) for n in range(2)]


def sealed() -> Sealing:
    """Sealed every night, verified a week ago; two days have ended since the last run."""
    found = sealing(NIGHT, SEALS, [], verified=False)
    return Sealing(found.as_of, found.days, proof=PROOF)


def broken() -> Sealing:
    """All of it hashed again: one day was changed, one has late rows."""
    findings = [wrong(5, "changed", SENTENCES["changed"]), wrong(6, "late", SENTENCES["late"], *LATER)]
    return sealing(NIGHT, SEALS, findings, verified=True)


def proven() -> Sealing:
    """All of it hashed again, and the same."""
    return sealing(NIGHT, SEALS, [], verified=True)


def unsealed() -> Sealing:
    """Nobody has ever sealed."""
    return Sealing(NIGHT, ())


class Told(Vault):
    """Answers without a database; a verification that has no answer goes on until it is stopped."""

    def __init__(self, first: Sealing, then: Sealing | None = None) -> None:
        self._first, self._then = first, then

    async def standing(self) -> Sealing:
        return self._first

    async def verify(self, hear: Hear) -> Sealing:
        hear(Progress("audit_logs", 14, 36))
        if self._then is None:
            await asyncio.Event().wait()
        return self._then or self._first


def fed(first: Callable[[], Sealing] = sealed, then: Callable[[], Sealing] | None = None) -> type[SealsPane]:
    """The tab, fed by hand."""

    class Fed(SealsPane):
        def vault(self) -> Vault:
            return Told(first(), then and then())

    return Fed


def seals(first: Callable[[], Sealing] = sealed, then: Callable[[], Sealing] | None = None) -> type[Pane[Any, Any]]:
    """The audit pane, with these seals."""
    return audit_looks.audit(seals=fed(first, then))
