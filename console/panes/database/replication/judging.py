"""What the server tells of its followers, as lines with a level; pure functions."""

from console.config.health import Health
from console.panes.database.replication.models import Link, Receiver, Slot, Standby
from console.services.health.models import Level
from console.units import age, bytes_text, duration

GOING = {"unreserved": "its WAL is about to go", "lost": "its WAL is gone: it must be made anew"}
"""What becomes of a slot whose WAL is not kept any longer."""


def of_standby(row: Standby, limits: Health) -> Link:
    """A follower: it should stream, and be hardly behind.

    >>> plain = dict.fromkeys(Standby.model_fields) | {"name": "db2", "state": "streaming", "replay_bytes": 0}
    >>> [of_standby(Standby.model_construct(**plain | known), Health()).level.value
    ...  for known in ({}, {"replay_seconds": 4.0}, {"state": "catchup"}, {"state": None})]
    ['ok', 'warn', 'warn', 'unknown']
    """
    level, remark = _standby_level(row, limits)
    words = [word for word in (row.state or "hidden", row.sync_state) if word]
    seconds = 0.0 if row.replay_bytes == 0 else row.replay_seconds
    name, state = row.name or f"pid {row.pid}", " ".join(words)
    return Link("standby", row, name, state, level, remark, row.replay_bytes, seconds)


def _standby_level(row: Standby, limits: Health) -> tuple[Level, str]:
    if row.state is None:
        return Level.UNKNOWN, "what it does is hidden from this role"
    if row.state == "backup":
        return Level.OK, "takes a base backup"
    if row.state != "streaming":
        return Level.WARN, "does not stream"
    behind = row.replay_seconds or 0.0
    if behind < limits.replication_warn:
        return Level.OK, ""
    return _graded(behind, limits.replication_crit), f"{duration(behind)} behind"


def of_slot(row: Slot, limits: Health) -> Link:
    """A slot: somebody should read it, and not much should be kept for it.

    >>> plain = dict.fromkeys(Slot.model_fields) | {"active": True, "kept_bytes": 0, "kind": "physical"}
    >>> links = [of_slot(Slot.model_construct(**plain | known), Health()) for known in (
    ...     {}, {"active": False}, {"wal_status": "lost"}, {"kept_bytes": 20 * 2**30})]
    >>> [(link.level.value, link.remark) for link in links][1:]
    [('warn', 'nobody reads it'), ('crit', 'its WAL is gone: it must be made anew'), ('crit', 'keeps 20.0 GB of WAL')]
    """
    level, remark = _slot_level(row, limits)
    state = f"{row.kind}, {'active' if row.active else 'inactive'}"
    return Link("slot", row, row.name, state, level, remark, row.behind_bytes, None, row.kept_bytes)


def _slot_level(row: Slot, limits: Health) -> tuple[Level, str]:
    kept = row.kept_bytes or 0
    if row.wal_status in GOING or row.invalidated:
        return Level.CRIT, row.invalidated or GOING[row.wal_status or "lost"]
    if kept >= limits.slot_warn:
        unread = "" if row.active else ", and nobody reads it"
        return _graded(kept, limits.slot_crit), f"keeps {bytes_text(kept)} of WAL{unread}"
    return (Level.OK, "") if row.active else (Level.WARN, "nobody reads it")


def of_receiver(row: Receiver, limits: Health) -> Link:
    """This server as a standby: it should hear of its primary, and replay what it hears."""
    level, remark = _receiver_level(row, limits)
    name = f"{row.sender}:{row.sender_port}" if row.sender else "primary"
    return Link("receiver", row, name, row.status or "no receiver", level, remark, row.replay_bytes, row.replay_seconds)


def _receiver_level(row: Receiver, limits: Health) -> tuple[Level, str]:
    if row.pause_state != "not paused":
        return Level.WARN, f"replay: {row.pause_state}"
    if row.status is None:
        return Level.WARN, "no WAL receiver runs, or it is hidden from this role"
    behind = row.replay_seconds or 0.0
    if behind >= limits.replication_warn:
        return _graded(behind, limits.replication_crit), f"{duration(behind)} behind its primary"
    silent = row.silent_seconds or 0.0
    return (Level.WARN, f"heard nothing for {age(silent)}") if silent > SILENT else (Level.OK, "")


SILENT = 60.0
"""Seconds without a word from the primary, which says something every ten even when nothing happens."""


def _graded(value: float, critical: float) -> Level:
    return Level.CRIT if value >= critical else Level.WARN
