"""Asks who follows whom."""

from datetime import UTC, datetime

from console.db.database import Database
from console.db.identifiers import quote
from console.db.pipeline import Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.panes.database.replication.judging import of_receiver, of_slot, of_standby
from console.panes.database.replication.models import Link, Receiver, Replication, Slot, Standby
from console.services.health.models import Level
from console.services.health.thresholds import thresholds

STANDBYS = Query(__package__, "standbys")
SLOTS = Query(__package__, "slots")
RECEIVER = Query(__package__, "receiver")


async def read_replication(db: Database) -> Replication:
    """Standbys, slots, and on a standby how far it is itself; the worst first."""
    standbys, slots, receiver = Request(STANDBYS, Standby), Request(SLOTS, Slot), Request(RECEIVER, Receiver)
    server, limits = await db.server(), thresholds(db.target.profile)
    answers = await db.pipeline(standbys, slots, receiver)
    links = [
        *(of_receiver(row, limits) for row in answers.rows(receiver)),
        *(of_standby(row, limits) for row in answers.rows(standbys)),
        *(of_slot(row, limits) for row in answers.rows(slots)),
    ]
    pulse = answers.optional(PULSE)
    hides = not server.has_role("pg_read_all_stats") and any(link.kind != "slot" for link in links)
    return Replication(
        pulse.as_of if pulse else datetime.now(UTC),
        sorted(links, key=_urgency),
        pulse.in_recovery if pulse else server.in_recovery,
        f"GRANT pg_read_all_stats TO {quote(server.user)};" if hides else None,
    )


def _urgency(link: Link) -> tuple[bool, int]:
    return link.kind != "receiver", -Level(link.level).severity
