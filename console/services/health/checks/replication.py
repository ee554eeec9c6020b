"""Standbys, and the WAL that is kept for them."""

from console.services.health.check import Around, Check, above, crit, hidden, ok, warn, worst
from console.services.health.models import Verdict
from console.services.health.server_models import Slot, Statistics
from console.services.health.sources import STATISTICS
from console.units import bytes_text, duration

LOST = ("unreserved", "lost")
"""What becomes of a slot whose WAL is about to go, or has gone."""


def lag(seen: Statistics, around: Around) -> Verdict:
    """How far the slowest standby is behind."""
    limits = around.limits.replication_warn, around.limits.replication_crit
    if seen.in_recovery:
        behind = seen.own_lag or 0.0
        return above(behind, limits, f"replication {duration(behind)} behind the primary", REMEDY)
    if not seen.standbys:
        return ok("no standby follows")
    if not seen.complete:
        return hidden("How far standbys are behind", around)
    return worst([_standby(each.standby, each.state, each.seconds, limits) for each in seen.standbys])


REMEDY = "select application_name, state, sync_state, write_lag, flush_lag, replay_lag from pg_stat_replication;"
"""Where a standby hangs."""


def _standby(name: str | None, state: str | None, seconds: float | None, limits: tuple[float, float]) -> Verdict:
    if state != "streaming":
        return warn(f"standby {name or '?'} does not stream: {state or 'unknown'}", seconds, remedy=REMEDY)
    behind = seconds or 0.0
    late = f" ({name or '?'})" if behind >= limits[0] else ""
    return above(behind, limits, f"replication {duration(behind) if behind else '0 s'}{late}", REMEDY)


def slots(seen: Statistics, around: Around) -> Verdict:
    """Slots for which so much WAL is kept that the disk may fill up."""
    if not seen.slots:
        return ok("no replication slot")
    return worst([_slot(slot, (around.limits.slot_warn, around.limits.slot_crit)) for slot in seen.slots])


def _slot(slot: Slot, limits: tuple[float, float]) -> Verdict:
    remedy = f"select pg_drop_replication_slot('{slot.slot}');  -- only if nobody comes back for it"
    kept = max(0.0, slot.bytes or 0.0)
    if slot.wal_status in LOST:
        return crit(f"slot {slot.slot}: WAL that it needs is {slot.wal_status}", kept, remedy=remedy)
    said = f"slot {slot.slot}{'' if slot.active else ', which nobody reads,'} keeps {bytes_text(kept)} of WAL"
    return above(kept, limits, said, "" if slot.active else remedy)


CHECKS = (
    Check("D12", "Replication", STATISTICS, lag, "database"),
    Check("D13", "Replication slots", STATISTICS, slots, "database"),
)
"""What can be told of those who follow."""
