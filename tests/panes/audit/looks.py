"""An auditor's morning at a made-up hospital: the rows of the audit pane's pictures, already masked."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from console.panes.audit.models import Reach, Span
from console.panes.audit.review.view import ReviewPane
from console.panes.audit.seals.view import SealsPane
from console.panes.audit.search_tab import SearchTab
from console.panes.audit.service import Found, Trail
from console.panes.audit.view import AuditPane
from console.services.audit import closer, gaps
from console.services.audit.beginning import Begun
from console.services.audit.closer_models import Revealed, States, Whole
from console.services.audit.grammar import parse_search
from console.services.audit.models import Event, Here
from console.services.audit.overview import Facet, Hear
from console.services.audit.search import Ready
from console.services.audit.standing import Standing
from console.services.events import Kept
from console.ui.pane import Pane
from console.ui.tabs import InnerPanes
from tests.panes.looks import NIGHT

ANA, GONE = UUID(int=1), UUID("8a7d2c10-0000-4000-8000-000000000002")
PATIENT = UUID("5b1c9d4e-77aa-4c0e-9d1f-3f2a6b7c8d90")
SESSION, REQUEST = UUID(int=0xA), UUID(int=0xB)
NAMES = {ANA: "ana.trialley14"}
ACTIONS = ("VIEW", "VIEW", "UPDATE", "EPIC_VERIFY", "VIEW", "EXPORT", "VIEW", "ACCESS_DENIED", "VIEW", "BREAK_GLASS")
HERE = Here.model_construct(now=NIGHT, rows_hidden=False)
WHOLE_LOG = Standing(recorded=True)


def event(number: int) -> Event:
    """One row, the newest first."""
    user = GONE if number % 9 == 7 else ANA
    kind = "TASK" if number % 4 == 2 else "PATIENT"
    return Event(
        id=UUID(int=1000 + number), created_at=NIGHT - timedelta(minutes=7 * number), user_id=user,
        user=NAMES.get(user), action=ACTIONS[number % len(ACTIONS)], entity_type=kind,
        entity_id=PATIENT, system=("EPIC", "CERNER", "GENERIC_FHIR")[number % 3], patient="***0123",
        ip="10.2.3.0/24", session_id=SESSION, request_id=REQUEST,
    )  # fmt: skip


class Told(Trail):
    """Answers without a database: fifty rows, of which the first forty come at once."""

    def __init__(self, standing: Standing = WHOLE_LOG, kept: Kept | None = None, rows: int = 50) -> None:
        self._standing, self._kept, self._count = standing, kept or Kept(), rows
        self.asked: list[str] = []
        """What was searched."""

    async def standing(self) -> Standing:
        return self._standing

    async def begin(self, text: str) -> Found:
        self.asked.append(text)
        search = parse_search(text, NIGHT)
        conditions = dict.fromkeys(("patient_ids", "user_ids", "entity_ids", "sessions", "requests", "ids"))
        return Found(Begun(Ready(search, HERE, None, conditions, NAMES), self._kept))

    async def more(self, found: Found, most: int) -> AsyncIterator[None]:
        start = len(found.rows)
        found.rows += [event(number) for number in range(start, min(self._count, start + most))]
        back = found.rows[-1].created_at if 0 < len(found.rows) < self._count else NIGHT - timedelta(days=30)
        found.reach = Reach(len(found.rows), back, len(found.rows) >= self._count, found.reach.exact)
        yield

    async def histogram(self, found: Found, cells: int, hear: Hear) -> Span:
        counted = [n * n % 17 for n in range(31)]
        return Span(timedelta(days=1), counted if self._count else (), sum(counted) // 3 if self._count else 0)

    async def facets(self, found: Found, hear: Hear) -> list[Facet]:
        rows = [("user", str(ANA), 41), ("user", str(GONE), 5), ("action", "VIEW", 30), ("entity", "PATIENT", 38),
                ("system", "EPIC", 17), ("hour", "3", 12)]  # fmt: skip
        return [Facet.model_validate({"facet": facet, "value": value, "events": n}) for facet, value, n in rows]

    async def exact(self, found: Found, hear: Hear) -> int:
        return 1_204

    async def begin_days(self, back_to: str) -> Begun:
        self.asked.append(f"days back to {back_to}")
        return (await self.begin(f"since:{back_to}")).begun

    async def silent_days(self, begun: Begun) -> AsyncIterator[gaps.Looked]:
        day = datetime(2026, 3, 1, tzinfo=NIGHT.tzinfo)
        yield gaps.Looked(day - timedelta(days=10), (day, day - timedelta(days=1), day - timedelta(days=8)))

    async def opened(self, row: Event) -> closer.Opened:
        return closer.Opened(whole(row), [STATES], "", self._kept, "sealed 2026-03-15, proven")

    async def revealed(self, row: Whole, reason: str) -> closer.Clear:
        changed = '{\n    "phone": {\n        "from": "555-0101",\n        "to": "555-0102"\n    }\n}'
        return closer.Clear(
            Revealed(patient="TP0000123", ip="10.2.3.4", changes=changed, metadata=None, context=None), []
        )

    async def users_like(self, start: str) -> list[str]:
        return [name for name in NAMES.values() if name.startswith(start)]


STATES = States(changes={"version": {"from": 4, "to": 5}, "phone": {"from": "***", "to": "***"}}, validation=None,
                states_bytes=212)  # fmt: skip


def whole(row: Event) -> Whole:
    """The row closer."""
    known = {name: value for name, value in row.model_dump().items() if name != "user"}
    return Whole(
        **known, user_agent="EMR-Ward/5.2 (terminal)",
        changes={"phone": {"from": "***", "to": "***"}, "status": {"from": "TO_DO", "to": "COMPLETED"}},
        changes_bytes=98, metadata={"outcome": "SUCCESS", "response_time_ms": 174, "reason": "***"}, metadata_bytes=88,
        operator=None,
        context_bytes=1_204,
    )  # fmt: skip


def audit(
    trail: Callable[[], Trail] = Told, review: type[ReviewPane] = ReviewPane, seals: type[SealsPane] = SealsPane
) -> type[Pane[Any, Any]]:
    """The audit pane."""

    class Fed(SearchTab):
        def trail(self) -> Trail:
            return trail()

    class FedAudit(AuditPane):
        TABS: ClassVar[InnerPanes] = (Fed, review, seals)

    return FedAudit


def unrecorded() -> Trail:
    """A standby, on which an old backup holds rows."""
    kept = Kept("The server is a standby.", Path("/home/ana/.local/state/emr-console/events.jsonl"))
    return Told(replace(WHOLE_LOG, recorded=False, unsearched=48_211, backups=1), kept)


def nothing() -> Trail:
    """A search that finds nothing."""
    return Told(rows=0)
