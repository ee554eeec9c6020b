"""A week that somebody reviews at a made-up hospital: findings, what was decided, and the events behind one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from console.panes.audit.review.docket import Docket, Evidence
from console.panes.audit.review.service import Desk
from console.panes.audit.review.view import ReviewPane
from console.services.audit.review import rules
from console.services.audit.review.models import Decided, Disposition, Finding, SignOff
from console.services.audit.review.service import Review, Window
from console.services.events import Kept
from console.ui.pane import Pane
from tests.panes.audit import looks as audit_looks
from tests.panes.looks import NIGHT

WEEK = Window(date(2026, 3, 7), date(2026, 3, 14))
NOTED = Decided(finding="f3", disposition="needs-information", text="ask the ward", operator="eve@ops1", at=NIGHT)
USERS = ("tariq.mockfield12", "ana.trialley14", "quinn.dummywell19", None)


def finding(number: int, rule: str, measure: int, decided: Decided | None = None) -> Finding:
    """One finding, as its rule words it."""
    known = next(each for each in (*rules.RULES, rules.SAME_NAME) if each.name == rule)
    user = None if rule == "crowding" else UUID(int=number % len(USERS) + 1)
    at = NIGHT - timedelta(hours=17 * number + 3)
    return Finding(
        id=f"{number:02}d2d173812f", rule=rule, level=known.level, user_id=user,
        user=USERS[number % len(USERS)] if user else None,
        patient_id=UUID(int=9) if number % 3 else None, patient="***0123" if number % 3 else None,
        first_at=at, last_at=at + timedelta(minutes=50), events=measure,
        evidence=known.evidence.format(measure=measure, events=measure), search=f"user:{user} since:7d",
        decided=decided,
    )  # fmt: skip


FINDINGS = (
    finding(0, "bulk", 121),
    finding(1, "self access", 4),
    finding(2, "break-glass without reason", 1),
    finding(3, "crowding", 11, NOTED),
    finding(4, "no care relationship", 2),
    finding(5, "same last name", 3),
    finding(6, "past patients", 8),
    finding(7, "after hours", 16),
)


def signed(days: int = 8) -> Sequence[SignOff]:
    """The week before was signed off, so many days ago."""
    before = WEEK.before
    at = NIGHT - timedelta(days=days)
    return [SignOff(since=before.since, until=before.until, operator="eve@ops1", at=at, findings=5, text="roster seen")]


class Told(Desk):
    """Answers without a database; what is decided and signed is remembered."""

    def __init__(self, findings: Sequence[Finding] = FINDINGS, unavailable: dict[str, str] | None = None) -> None:
        self._findings = list(findings)
        self._unavailable = unavailable or {}
        self.decided: list[tuple[str, str]] = []
        """Findings and what was decided about them."""

    async def standing(self, window: Window | None) -> Docket:
        done = signed()
        end = NIGHT.date()
        return Docket(NIGHT, window or WEEK, done, rules.unreviewed(done, end - rules.QUARTER, end))

    async def review(self, docket: Docket) -> Docket:
        return replace(docket, review=Review(NIGHT, docket.window, self._findings, self._unavailable))

    async def evidence(self, finding: Finding) -> Evidence:
        return Evidence([audit_looks.event(n) for n in range(20)], True, Kept())

    async def decide(self, found: Review, findings: Sequence[Finding], as_: Disposition, why: str) -> None:
        self.decided += [(each.id, as_) for each in findings]


def decided() -> Told:
    """Somebody has decided about everything."""
    done = NOTED.model_copy(update={"disposition": "appropriate"})
    return Told([each.model_copy(update={"decided": done}) for each in FINDINGS])


def quiet() -> Told:
    """Nothing was found."""
    return Told(())


def many() -> Told:
    """More findings than a question names, some by a user with a long name."""
    long = {"user": "tariq.mockfield-dummywell.mobile-sync"}
    found = [each.model_copy(update=long if each.user == USERS[0] else {}) for each in FINDINGS * 2]
    return Told([each.model_copy(update={"id": f"{n:012}"}) for n, each in enumerate(found)])


def partial() -> Told:
    """A rule could not be asked."""
    return Told(FINDINGS[:2], {"no care relationship": "Row-level security hides tasks from this role."})


def fed(desk: Callable[[], Desk] = Told) -> type[ReviewPane]:
    """The tab, fed by hand."""

    class Fed(ReviewPane):
        def desk(self) -> Desk:
            return desk()

    return Fed


def review(desk: Callable[[], Desk] = Told) -> type[Pane[Any, Any]]:
    """The audit pane, with this review."""
    return audit_looks.audit(review=fed(desk))
