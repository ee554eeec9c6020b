"""What the patients pane asks; each search, view and reveal is written down by what it calls."""

from dataclasses import dataclass
from uuid import UUID

from console.db.database import Database
from console.services.audit.recording import Recorder
from console.services.patients import finding, probing, showing
from console.services.patients.finding import Found
from console.services.patients.found_models import Clear
from console.services.patients.probing import Seen
from console.services.patients.showing import Shown
from console.services.patients.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the pane shows."""

    found: Found | None = None
    """The last search; None before the first one."""


class People:
    """The patients of one database, as one person looks at them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._recorder = Recorder(db)

    async def standing(self) -> None:
        """Raises Unsupported or NoPrivilege where patients cannot be searched."""
        await finding.standing(self._db)

    async def find(self, wanted: Wanted) -> Found:
        """Patients who fit."""
        return await finding.find(self._db, self._recorder, wanted)

    async def shown(self, patient: UUID) -> Shown:
        """One of them, masked."""
        return await showing.shown(self._db, self._recorder, patient)

    async def revealed(self, patient: UUID, reason: str) -> Clear:
        """One of them in clear."""
        return await showing.revealed(self._db, self._recorder, patient, reason)

    async def seen_by(self, user: str, patient: UUID) -> Seen:
        """What a user may see."""
        return await probing.seen_by(self._db, user, patient)
