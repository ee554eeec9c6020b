"""How far the audit log is sealed, told by the ends of its chains; `audit verify --seals` hashes the rows anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from console.db.database import Database
from console.db.query import Query
from console.row import Row

if TYPE_CHECKING:
    from console.services.audit.sealing.models import Proof

SIGHT = Query(__package__, "sealing_sight")
ENDS = Query(__package__, "sealing")


class Sight(Row):
    """Whether seals can be read."""

    as_of: datetime
    """The server's clock."""
    tables: dict[str, bool]
    """The audit tables that are there, and whether our role may read their rows."""
    there: bool
    """Whether this database has a place for seals."""
    readable: bool
    """Whether our role sees all of them, and the events that tell of them."""


class End(Row):
    """Where one table's chain of seals ends."""

    table: str
    """Which."""
    number: int
    """The last seal's."""
    day: date
    """The day that it seals."""
    seal: str
    """The seal."""
    told_number: int | None
    """The last seal of the last run that has left an event; None where none tells."""
    told_seal: str | None
    """That seal."""

    @property
    def cut_off(self) -> bool:
        """Whether what the event tells of is not there any more."""
        if self.told_number is None or self.told_number < self.number:
            return False  # a run was ended after its seals and before its event
        return (self.told_number, self.told_seal) != (self.number, self.seal)


@dataclass(frozen=True, slots=True)
class Sealing:
    """The seals at one moment."""

    sight: Sight
    """Whether they can be read."""
    closed: date
    """The last day that is over for long enough to be sealed."""
    ends: Sequence[End] = ()
    """Where the chains end; a table without seals has none."""
    unsealed: Mapping[str, date] = field(default_factory=dict)
    """The first closed day that has rows, of tables without any seal."""
    proof: "Proof | None" = None
    """What came of it when somebody last hashed the rows again; None if nobody has."""


async def read_sealing(db: Database) -> Sealing:
    """The ends of the chains, and of tables without one the first day that should be sealed."""
    from console.services.audit.sealing.models import Oldest, Proof  # the first refresh need not wait for all of this
    from console.services.audit.sealing.proofs import VERIFIED
    from console.services.audit.sealing.service import FARTHEST, FIRST, OPEN, midnight

    (sight,) = await db.fetch(SIGHT, Sight)
    closed = (sight.as_of - OPEN).date() - timedelta(days=1)
    if not sight.tables or (sight.there and not sight.readable):
        return Sealing(sight, closed)
    ends = await db.fetch(ENDS, End) if sight.there else []
    span = {"lower": sight.as_of - FARTHEST, "upper": midnight(closed + timedelta(days=1))}
    unsealed: dict[str, date] = {}
    for table, may_read in sight.tables.items():
        if may_read and table not in {end.table for end in ends}:
            (first,) = await db.fetch(FIRST[table], Oldest, **span)
            unsealed |= {table: first.at.date()} if first.at else {}
    proofs = await db.fetch(VERIFIED, Proof) if sight.there else []
    return Sealing(sight, closed, ends, unsealed, next(iter(proofs), None))
