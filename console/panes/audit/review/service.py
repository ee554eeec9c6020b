"""What the review tab asks and keeps; each review and each look at evidence is written down in the audit log."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from console.config.file import configuration
from console.db.database import Database
from console.db.session import Session
from console.panes.audit.review.docket import Docket, Evidence
from console.services import installed
from console.services.audit import beginning, walk
from console.services.audit.recording import Access, Recorder
from console.services.audit.review import deciding, rules, service
from console.services.audit.review.models import Disposition, Finding
from console.services.audit.review.service import Review, Window

SHOWN = 20
"""Events of a finding that are shown beside it; a search shows all."""

WHOLE = "set local row_security = off"
"""Who does not see every task would find that nobody cares for anybody."""


class Desk:
    """The reviews of one database, as one person makes them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._recorder = Recorder(db)

    async def standing(self, window: Window | None) -> Docket:
        """What was signed off; no rule is asked. The last seven whole days where no window is said."""
        async with self._db.asking() as session:
            wanted = await service.window(session, *((window.since, window.until) if window else (None, None)))
            signed = await service.sign_offs(session)
            today = await service.today(session)
        end = today.date()
        return Docket(today, wanted, signed, rules.unreviewed(signed, end - rules.QUARTER, end))

    async def review(self, docket: Docket) -> Docket:
        """Ask every rule about the window of a docket."""
        span = f"{docket.window.since} to {docket.window.until}"
        kept = await self._recorder.note(Access("SEARCH", detail={"review": span}))
        profile = configuration().settings.review(self._db.target.profile)
        async with self._db.apart() as session:
            await session.execute(WHOLE)
            found = await service.review(session, docket.window, profile.model_dump())
        return replace(docket, as_of=found.as_of, review=found, kept=kept)

    async def evidence(self, finding: Finding) -> Evidence:
        """The events behind a finding, masked."""
        begun = await beginning.begin(self._db, self._recorder, finding.search)
        page = await walk.page(self._db, begun.ready, SHOWN)
        return Evidence(page.rows, page.following is not None, begun.kept)

    async def decide(self, found: Review, findings: Sequence[Finding], as_: Disposition, why: str) -> None:
        """Decide about findings."""
        async with self._acting() as session:
            await deciding.dispose(session, found, [finding.id for finding in findings], as_, why)

    async def sign_off(self, found: Review, why: str) -> None:
        """Sign a window off."""
        async with self._acting() as session:
            await deciding.sign_off(session, found, why)

    @asynccontextmanager
    async def _acting(self) -> AsyncIterator[Session]:
        async with self._db.act() as session:
            await installed.become_owner(session)
            yield session
