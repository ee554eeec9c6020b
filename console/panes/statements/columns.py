"""What is shown of a statement, and of one that still runs."""

from console.panes.statements.models import Running, Statement
from console.ui.columns import Column, Kind, Tone
from console.ui.text import bytes_text, count, duration, rate

LOW_HIT, LOW_HIT_BLOCKS = 0.9, 1_000
"""Below this share of blocks found in memory a statement is marked, if it needed that many blocks at least."""

LARGE_SHARE = 0.25
"""Of the time of all statements; from there on a statement is marked."""


def percent(share: float | None) -> float | None:
    """A share as hundredths, as a person filters it."""
    return None if share is None else 100 * share


def counted(statement: Statement, number: int) -> str:
    """How often, or how often a second in an interval."""
    return rate(statement.per_second(number)) if statement.seconds else count(number)


def sized(statement: Statement, size: int) -> str:
    """Bytes, or bytes a second in an interval; nothing where there are none."""
    if not size:
        return ""
    return f"{bytes_text(statement.per_second(size))}/s" if statement.seconds else bytes_text(size)


def share_tone(statement: Statement) -> Tone:
    """What takes a large part of everything stands out."""
    return Tone.WARNING if (statement.share or 0) >= LARGE_SHARE else Tone.PLAIN


def hit_tone(statement: Statement) -> Tone:
    """So does what reads a lot that is not in memory."""
    much = statement.blocks_hit + statement.blocks_read >= LOW_HIT_BLOCKS
    return Tone.WARNING if much and (statement.hit_ratio or 0) < LOW_HIT else Tone.PLAIN


def query_text(statement: Statement | Running) -> str:
    """The statement without literals on one line, or why there is none."""
    return " ".join(statement.query.split()) if statement.query else "its text cannot be read"


COLUMNS: tuple[Column[Statement], ...] = (
    Column(id="share", title="share", value=lambda s: percent(s.share), width=7, kind=Kind.NUMBER,
           text="{:.1f} %".format, tone=share_tone),
    Column(id="total", title="total", value=lambda s: s.total_time, width=9, kind=Kind.SECONDS, text=duration),
    Column(id="mean", title="mean", value=lambda s: s.mean_time, width=8, kind=Kind.SECONDS, text=duration),
    Column(id="stddev", title="± stddev", value=lambda s: s.stddev_time if s.calls > 1 else None, width=8,
           kind=Kind.SECONDS, text=duration, priority=3),
    Column(id="calls", title="calls", value=lambda s: s.calls, drawn=lambda s: counted(s, s.calls), width=9,
           kind=Kind.NUMBER),
    Column(id="rows", title="rows", value=lambda s: s.rows, drawn=lambda s: counted(s, s.rows), width=11,
           kind=Kind.NUMBER, priority=4),
    Column(id="hit", title="hit", value=lambda s: percent(s.hit_ratio), width=7, kind=Kind.NUMBER,
           text="{:.1f} %".format, tone=hit_tone, priority=5),
    Column(id="temp", title="temp", value=lambda s: s.temp_bytes, drawn=lambda s: sized(s, s.temp_bytes), width=9,
           kind=Kind.BYTES, priority=6),
    Column(id="wal", title="WAL", value=lambda s: s.wal_bytes, drawn=lambda s: sized(s, s.wal_bytes), width=9,
           kind=Kind.BYTES, priority=7),
    Column(id="user", title="user", value=lambda s: s.user, width=10, priority=8),
    Column(id="db", title="database", value=lambda s: s.database, width=10, priority=9),
    Column(id="query", title="statement", value=lambda s: s.query, drawn=query_text, width=28, priority=2,
           grows=True),
)  # fmt: skip
"""What is shown of a statement; without room the highest priorities go first."""


def wait_text(running: Running) -> str | None:
    """What it waits for."""
    return f"{running.wait_event_type}:{running.wait_event}" if running.wait_event_type else None


RUNNING: tuple[Column[Running], ...] = (
    Column(id="age", title="runs for", value=lambda r: r.age, width=8, kind=Kind.SECONDS),
    Column(id="pid", title="pid", value=lambda r: r.pid, width=7, kind=Kind.NUMBER, text=str),
    Column(id="user", title="user", value=lambda r: r.user, width=10, priority=4),
    Column(id="app", title="application", value=lambda r: r.application, width=16, priority=3),
    Column(id="wait", title="wait", value=wait_text, width=18, priority=5,
           tone=lambda r: Tone.WARNING if r.wait_event_type == "Lock" else Tone.PLAIN),
    Column(id="db", title="database", value=lambda r: r.database, width=10, priority=6),
    Column(id="query", title="statement", value=lambda r: r.query, drawn=query_text, width=28, priority=2,
           grows=True),
)  # fmt: skip
"""The same of a statement that has been running for a while."""
