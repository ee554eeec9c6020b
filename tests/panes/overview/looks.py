"""Findings of a made-up night, from which the overview's pictures are drawn."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any

from console.db.pulse import Pulse, Pulses
from console.panes.overview.service import Seen
from console.panes.overview.view import OverviewPane
from console.services.health.models import Finding, Level, Snooze, Tier, Verdict
from console.ui.pane import Pane
from tests.panes.looks import NIGHT, fed

CURVE = (31, 30, 31, 31, 33, 34, 38, 40, 44, 43, 44, 44, 49, 52, 57, 61, 66, 70, 75, 79, 82, 84, 85, 86, 84)
"""Connections every 25 seconds; the others are made from it."""


def pulses(*, calm: bool = False) -> Pulses:
    """The last ten minutes; somebody blocks since four of them."""
    taken, transactions = Pulses(), 0
    for n, connections in enumerate(CURVE):
        transactions += 25 * (400 + 61 * (n % 5) + connections * 9)
        taken.add(
            Pulse(
                as_of=NIGHT + timedelta(seconds=25 * (n - len(CURVE) + 1)), started=NIGHT - timedelta(days=9),
                in_recovery=False, connections=connections // (3 if calm else 1),
                connection_limit=97, transactions=transactions, stats_reset=None,
                blocked=0 if calm else max(0, (n - 13) // 2), longest_transaction=None,
            )
        )  # fmt: skip
    return taken


def finding(name: str, title: str, level: Level, evidence: str, pane: str = "database", **known: Any) -> Finding:
    """One finding."""
    verdict = Verdict(level, evidence, known.get("value"), known.get("threshold"), known.get("remedy", ""))
    return Finding(name, title, pane, known.get("tier", Tier.A), verdict, known.get("snooze"))


TERMINATE = (
    "select pg_terminate_backend(pid) from pg_stat_activity\n"
    " where pid = 4711 and backend_start = '2026-03-13T22:05:29+00:00';"
)

WELL = [
    finding("D01", "Connections", Level.OK, "connections 84 of 97", "sessions", value=86.6, threshold=90.0),
    finding("D12", "Replication", Level.OK, "replication 200 ms", value=0.2, threshold=1.0),
    finding("D19", "Migrations", Level.OK, "migrations 5 of 5 applied", "migrations", value=5, threshold=5),
    *(finding(f"D{n}", f"Thing {n}", Level.OK, f"thing {n} is well") for n in range(30, 54)),
]

BAD = [
    finding("D02", "Blocked sessions", Level.CRIT, "pid 4711 idle in transaction 12 m blocks 5 sessions (emr-hl7)",
            "locks", value=741.0, threshold=60.0, remedy=TERMINATE),
    finding("H04b", "Jobs with a common cause", Level.CRIT, '2 jobs fail alike: 24000 cannot drop portal "" while',
            "jobs", value=2.0, threshold=2.0, remedy="-- look at the versions first"),
    finding("D06", "Cache hits", Level.WARN, "cache hit 97.8 % (target > 99 %) since 2026-03-13 08:12", value=97.8,
            threshold=99.0),
    finding("H06", "Compression in time", Level.WARN, "2 chunks of audit_logs should be compressed", "storage",
            value=2.0, threshold=1.0, tier=Tier.B),
    finding("D20", "Backups", Level.UNKNOWN, "no backup of ours in 1 d; others are not seen from here", "migrations",
            remedy="emr-console migrate backup", tier=Tier.B),
]  # fmt: skip

ASIDE = Snooze("D13", NIGHT + timedelta(hours=5), "standby-c is rebuilt tonight", "ana@ops1")
SLOT = finding("D13", "Replication slots", Level.CRIT, "slot standby_c, which nobody reads, keeps 12.1 GB of WAL",
               snooze=ASIDE, remedy="select pg_drop_replication_slot('standby_c');")  # fmt: skip


def seen(*findings: Finding, calm: bool = False, rest: bool = True) -> Seen:
    """What the pane shows."""
    ordered = sorted(findings, key=lambda each: each.urgency)
    return Seen(ordered, monotonic() if rest else None, pulses(calm=calm))


def busy() -> Seen:
    """A night with trouble."""
    return seen(*BAD, SLOT, *WELL)


def well() -> Seen:
    """A night without."""
    return seen(*WELL, calm=True)


def beginning() -> Seen:
    """Before the checks that are asked seldom have answered."""
    return seen(BAD[0], *WELL[:2], rest=False)


def poor() -> Seen:
    """What a role without rights sees."""
    grant = 'GRANT pg_read_all_stats TO "ana";'
    hidden = [
        finding(f"D0{n}", title, Level.UNKNOWN, f"{title} are hidden from ana", "sessions", remedy=grant)
        for n, title in enumerate(("Blocked sessions", "Idle in transaction", "Long transactions"), 2)
    ]
    known = "What was applied here cannot be read by ana"
    unread = finding("D19", "Migrations", Level.UNKNOWN, known, remedy='GRANT pg_monitor TO "ana";')
    return seen(*hidden, unread, *WELL[3:])


def overview(answer: Callable[[], Seen] = busy) -> type[Pane[Any, Any]]:
    """The overview; nothing more is asked than what it is fed."""
    pane = fed(OverviewPane, answer)
    pane.ask_rest = lambda *_, **__: None  # type: ignore[attr-defined]
    return pane
