"""How a follower, a slot or the receiver is written in a line, and what is told of it on a page."""

from console.iso import to_second
from console.panes.database.replication.models import Link, Receiver, Slot, Standby
from console.shared.levels import signed, tone
from console.ui.columns import Column, Kind
from console.ui.facts import Fact
from console.ui.text import age, bytes_text, count, duration


def lag_text(seconds: float) -> str:
    """How long it takes; nothing that matters is 0.

    >>> lag_text(0.0), lag_text(0.25)
    ('0 s', '250 ms')
    """
    return duration(seconds) if seconds else "0 s"


COLUMNS: tuple[Column[Link], ...] = (
    Column(id="kind", title="kind", value=lambda k: k.kind, width=8),
    Column(id="name", title="name", value=lambda k: k.name, width=16, grows=True),
    Column(
        id="state",
        title="state",
        value=lambda k: k.state,
        drawn=lambda k: signed(k.level, k.state),
        width=20,
        tone=lambda k: tone(k.level),
    ),
    Column(id="bytes", title="behind", value=lambda k: k.lag_bytes, width=7, kind=Kind.BYTES),
    Column(id="lag", title="lag", value=lambda k: k.lag_seconds, text=lag_text, width=7, kind=Kind.SECONDS),
    Column(id="kept", title="kept WAL", value=lambda k: k.kept_bytes, width=8, kind=Kind.BYTES, priority=2),
    Column(id="remark", title="remark", value=lambda k: k.remark or None, width=22, priority=3, grows=True),
)
"""What is shown of one; without room the highest priorities go first."""


def facts(link: Link) -> list[Fact]:
    """All that is known of it, in words."""
    known = {"kind": link.kind, "state": link.state, "remark": link.remark or None}
    match link.row:
        case Standby():
            known |= _of_standby(link.row)
        case Slot():
            known |= _of_slot(link.row)
        case Receiver():
            known |= _of_receiver(link.row)
    return [(label, value) for label, value in known.items() if value]


def _of_standby(row: Standby) -> dict[str, str | None]:
    since = f"{to_second(row.backend_start)} UTC" if row.backend_start else None
    return {
        "pid": str(row.pid),
        "role": row.user,
        "client": row.client,
        "connected since": since,
        "not sent": bytes_text(row.send_bytes),
        "not on its disk": _of_two(row.flush_bytes, row.flush_seconds),
        "not replayed": _of_two(row.replay_bytes, row.replay_seconds),
        "last answer": f"{age(row.silent_seconds)} ago" if row.silent_seconds is not None else None,
    }


def _of_two(size: int | None, seconds: float | None) -> str | None:
    """Bytes, and seconds where they are known."""
    if size is None:
        return None
    return bytes_text(size) if seconds is None else f"{bytes_text(size)}, {duration(seconds)}"


def _of_slot(row: Slot) -> dict[str, str | None]:
    return {
        "decoded by": row.plugin,
        "database": row.database,
        "read by": f"pid {row.active_pid}" if row.active_pid else None,
        "nobody since": f"{to_second(row.inactive_since)} UTC" if row.inactive_since else None,
        "temporary": "yes: it goes with its session" if row.temporary else None,
        "WAL": row.wal_status,
        "kept WAL": bytes_text(row.kept_bytes),
        "safe for": f"{bytes_text(row.safe_bytes)} more" if row.safe_bytes is not None else "ever: no limit is set",
        "not confirmed": bytes_text(row.behind_bytes),
        "holds back": _held(row),
    }


def _held(row: Slot) -> str | None:
    """What vacuum has to keep for it."""
    if row.xmin_age is not None:
        return f"vacuum, by {count(row.xmin_age)} transactions"
    return f"vacuum of the catalogue, by {count(row.catalog_xmin_age)} transactions" if row.catalog_xmin_age else None


def _of_receiver(row: Receiver) -> dict[str, str | None]:
    return {
        "slot": row.slot,
        "not received": bytes_text(row.receive_bytes),
        "not replayed": _of_two(row.replay_bytes, row.replay_seconds),
        "last transaction": f"{to_second(row.replayed_at)} UTC" if row.replayed_at else None,
        "last word": f"{age(row.silent_seconds)} ago" if row.silent_seconds is not None else None,
        "replay": row.pause_state,
        "ended queries": count(row.conflicts),
        "feedback": "on: the primary spares what is read here" if row.feedback else "off: long queries may be ended",
    }
