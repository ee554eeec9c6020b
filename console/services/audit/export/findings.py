"""The findings of a review as rows of a file: asked in the same snapshot, with what was decided and signed."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

from console.config.file import configuration
from console.db.session import Session
from console.iso import to_minute
from console.services.audit.export import reading
from console.services.audit.export.models import Wanted
from console.services.audit.review import service
from console.services.audit.review.models import Finding, SignOff
from console.services.audit.review.service import Review, Window

WHOLE = "set local row_security = off"
"""Who does not see every task would find that nobody cares for anybody."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review, and who has signed its days."""

    review: Review
    """What was found."""
    signed: list[SignOff]
    """Windows that were signed off and have a day in common with it."""

    def said(self) -> dict[str, str]:
        """What a reader of the printed page has to know."""
        found = self.review
        told = "; ".join(
            f"{Window(each.since, each.until).days}, {to_minute(each.at)} UTC by {each.operator}"
            for each in self.signed
        )
        failed = {f"Rule {rule}": f"could not be asked: {why}" for rule, why in found.unavailable.items()}
        return {
            "Findings": f"{len(found.findings):,}, of which {len(found.queue):,} are open",
            "Signed off": told or "no day of it",
        } | failed


async def reviewed(session: Session, profile: str | None, span: tuple[datetime, datetime]) -> Reviewed:
    """Review whole days; UsageError where there are too many of them."""
    await session.execute(WHOLE)
    since, until = (moment.astimezone(UTC).date() for moment in span)
    window = await service.window(session, since, until)
    thresholds = configuration().settings.review(profile).model_dump()
    found = await service.review(session, window, thresholds)
    return Reviewed(found, [each for each in await service.sign_offs(session) if _overlap(each, window)])


def _overlap(signed: SignOff, window: Window) -> bool:
    return signed.since < window.until and window.since < signed.until


async def blocks(
    session: Session, found: Reviewed, wanted: Wanted, through: datetime
) -> AsyncGenerator[tuple[int, bytes, datetime | None], None]:
    """So many rows and their bytes, as reading.blocks."""
    rows = json.dumps([_row(finding) for finding in found.review.findings])
    async with aclosing(session.copy_out(reading.of_findings(wanted, rows))) as parts:
        async for count, block in parts:
            yield count, block, None
    yield 0, b"", through


def _row(finding: Finding) -> dict[str, object]:
    decided = finding.decided
    known = finding.model_dump(mode="json", exclude={"decided", "user"})
    return known | {
        "username": finding.user,
        "disposition": decided.disposition if decided else None,
        "decided_by": decided.operator if decided else None,
        "decided_at": decided.at.isoformat() if decided else None,
        "because": decided.text if decided else None,
    }
