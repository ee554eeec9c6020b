"""What the seals tab asks and does."""

from dataclasses import replace

from console.db.database import Database
from console.panes.audit.seals.days import sealing
from console.panes.audit.seals.sealed import Sealing
from console.services import installed
from console.services.audit.export import signing
from console.services.audit.sealing import chain, proofs, service, verifying
from console.services.audit.sealing.models import Finding, Hear, Seal, Sealed
from console.services.events import Kept

WHOLE = "set local row_security = off"
"""A role that does not see all rows is refused, instead of proving some."""


class Vault:
    """The seals of one database."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def standing(self) -> Sealing:
        """Which days are sealed, and whether the seals themselves follow one another; no row is hashed."""
        async with self._db.asking() as session:
            there = await service.here(session)
            if not there.ledger:
                return Sealing(there.now, ())
            heads = await verifying.told_heads(session)
            seals: list[Seal] = []
            wrong: list[Finding] = []
            for table in service.COLUMNS:
                found = await service.seals(session, there, table)
                wrong += chain.broken(table, found, heads.get(table))
                seals += found
            proof = await proofs.last(session)
        return replace(sealing(there.now, seals, wrong, verified=False), proof=proof)

    async def verify(self, hear: Hear) -> Sealing:
        """Hash every sealed day again; that it was done is written down."""
        expected = signing.expected_key(signing.configured(self._db.target.profile))
        async with self._db.apart() as session:
            await session.execute(WHOLE)
            found = await verifying.verify(session, None, expected, hear)
        kept = await proofs.note(self._db, found)
        return replace(sealing(found.as_of, found.seals, found.findings, verified=True), kept=kept)

    async def seal(self, hear: Hear) -> tuple[list[Sealed], Kept]:
        """Seal what is closed, signed where a key is configured."""
        key = signing.signing_key(signing.configured(self._db.target.profile))
        async with self._db.act() as session:
            await installed.become_owner(session)
            await session.adjust(service.SETTINGS)
            return await service.seal(session, key, hear)
