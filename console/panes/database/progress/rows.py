"""How something under way is written in a line, and what is told of it on a page."""

from console.panes.database.progress.models import Progress
from console.ui.columns import Column, Kind, Tone
from console.ui.facts import Fact
from console.ui.text import bytes_text, count, duration, rate

CELLS = 10
"""Cells of the bar."""


def bar_text(each: Progress) -> str:
    """How much of the phase is done, as a bar and in percent; nothing where the total is not known.

    >>> from console.panes.database.progress.models import Running
    >>> bar_text(Progress(Running.model_construct(done=25, total=100)))
    '▆▆▆▁▁▁▁▁▁▁  25 %'
    """
    if each.share is None:
        return ""
    full = min(CELLS, int(each.share * CELLS + 0.5))
    return f"{'▆' * full}{'▁' * (CELLS - full)} {100 * each.share:3.0f} %"


def command_text(each: Progress) -> str | None:
    """What is run; an autovacuum is called so."""
    if each.hidden:
        return "hidden from this role"
    auto = each.row.backend_type == "autovacuum worker"
    return f"auto{(each.row.command or '').lower()}" if auto else each.row.command


def pace_text(each: Progress) -> str:
    """Units a second; blocks and bytes alike in their own words."""
    if each.rate is None:
        return ""
    return f"{bytes_text(each.rate)}/s" if each.row.unit == "bytes" else rate(each.rate)


def amount(value: float | None, unit: str) -> str:
    """So many of a unit."""
    return bytes_text(value) if unit == "bytes" else f"{count(value)} {unit}"


def waits_text(each: Progress) -> str | None:
    """Whom or what it waits for."""
    if each.row.waits_for is not None:
        return f"pid {each.row.waits_for}"
    waits = each.row.wait_event_type
    return None if waits in (None, "Client", "Activity") else f"{waits}:{each.row.wait_event}"


def tone(each: Progress) -> Tone:
    """Whether it waits for somebody."""
    waits = each.row.waits_for is not None or each.row.wait_event_type == "Lock"
    return Tone.WARNING if waits else Tone.PLAIN


COLUMNS: tuple[Column[Progress], ...] = (
    Column(id="pid", title="pid", value=lambda p: p.row.pid, width=7, kind=Kind.NUMBER, text=str),
    Column(id="command", title="command", value=command_text, width=12, grows=True),
    Column(id="relation", title="relation", value=lambda p: p.row.relation, width=14, priority=2, grows=True),
    Column(id="phase", title="phase", value=lambda p: p.row.phase, width=14, grows=True),
    Column(id="done", title="done", value=lambda p: p.share, drawn=bar_text, width=16, kind=Kind.NUMBER),
    Column(id="pace", title="pace", value=lambda p: p.rate, drawn=pace_text, width=9, kind=Kind.NUMBER, priority=4),
    Column(id="elapsed", title="for", value=lambda p: p.row.elapsed, width=5, kind=Kind.SECONDS),
    Column(
        id="left", title="left", value=lambda p: p.remaining, text=duration, width=10, kind=Kind.SECONDS, priority=3
    ),
    Column(id="waits", title="waits for", value=waits_text, width=16, tone=tone, priority=5),
    Column(id="user", title="user", value=lambda p: p.row.user, width=10, priority=6),
    Column(id="db", title="database", value=lambda p: p.row.database, width=10, priority=7),
)
"""What is shown of one; without room the highest priorities go first."""


def facts(each: Progress) -> list[Fact]:
    """All that is known of it, in words."""
    row = each.row
    of = f" of {amount(row.total, row.unit)}" if row.total is not None else ", of how many is not known"
    known = {
        "command": command_text(each),
        "why": "to keep the server from stopping; cancelled, it comes back at once" if row.wraparound else None,
        "database": row.database,
        "relation": row.relation,
        "part": row.part,
        "role": row.user,
        "application": row.application,
        "phase": row.phase,
        "done": f"{amount(row.done, row.unit)}{of}" if row.done is not None else None,
        "pace": pace_text(each) or None,
        "left of this phase": duration(each.remaining) or None,
        "running for": duration(row.elapsed) or None,
        "waits for": waits_text(each),
    }
    return [(label, value) for label, value in known.items() if value]
