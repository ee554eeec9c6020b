"""How long a refresh takes on a line of 200 ms, and how soon a key is seen while a query runs for ten seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from time import monotonic

from tests.bench.crowd import Crowd, crowded
from tests.bench.monitoring import OURS_SCREENS, SIZE, Screen, open_screen
from tests.bench.options import Options
from tests.bench.program import OURS, settled
from tests.bench.wire import Relay, relayed
from tests.terminal import Terminal

DELAY = 0.1
"""Seconds that a packet takes on the line, one way."""

SCREENS = (
    *OURS_SCREENS,
    Screen("tables", "t", "audit_logs"),
    Screen("indexes", "t", "audit_logs"),
    Screen("replication", "t", "standby|slot"),
    Screen("progress", "t", "[Nn]othing"),
    Screen("storage", "6", "chunks"),
    Screen("jobs", "7", "jobs"),
    Screen("migrations", "8", "applied"),
)
"""All that ask by themselves."""

KEYS = 40
PAUSE = 0.1
"""Seconds between two keys, and a little more each time, so that they come at any moment of a refresh."""

BUDGET = 50
"""Milliseconds from a key to the screen."""

SLOWED = """alter table audit_logs enable row level security;
            create policy slow on audit_logs for select using ((select pg_sleep(10)) is not null)"""
ASLEEP = "select count(*) > 0 from pg_stat_activity where wait_event = 'PgSleep'"


def lines(options: Options) -> Iterator[str]:
    """The line first, then the keys."""
    with crowded(options) as crowd, settled(crowd.params()) as env:
        with relayed(crowd.socket_dir) as (relay, folder):
            command = OURS.command(crowd.params(OURS.role, folder))
            with Terminal(command, columns=SIZE[0], lines=SIZE[1], env=env) as terminal:
                relay.delay = DELAY
                yield f"a refresh on a line of {2000 * DELAY:.0f} ms, where that is one round trip:"
                yield from _refreshes(relay, terminal, options.seconds)
        yield f"from a key to the moved cursor on the screen, {KEYS} keys each (budget {BUDGET} ms):"
        with Terminal(["cat"]) as terminal:
            yield _told("cat, which is this machine's own time", _echoed(terminal))
        with Terminal(OURS.command(crowd.params(OURS.role)), columns=SIZE[0], lines=SIZE[1], env=env) as terminal:
            for screen in OURS_SCREENS:
                open_screen(terminal, screen)
                yield _told(screen.name, _moved(terminal))
            with _searching(crowd, terminal):
                yield _told("audit, while its search runs for 10 s", _moved(terminal))


def _refreshes(relay: Relay, terminal: Terminal, seconds: float) -> Iterator[str]:
    for screen in SCREENS:
        open_screen(terminal, screen)
        began = monotonic()
        terminal.quiet(seconds)
        asked = relay.since(began)
        trips = max(each.round_trips for each in asked)
        took = median(each.seconds for each in asked)
        yield f"{screen.name:<16} round trips {trips}, {1000 * took:.0f} ms"


def _told(what: str, seconds: list[float]) -> str:
    cuts = quantiles(seconds, n=20)
    return f"{what:<38} p50 {1000 * cuts[9]:.0f} ms, p95 {1000 * cuts[18]:.0f} ms, most {1000 * max(seconds):.0f} ms"


def _echoed(terminal: Terminal) -> list[float]:
    return [_seen(terminal, "x", number) for number in range(KEYS)]


def _moved(terminal: Terminal) -> list[float]:
    """Down and up again, from the first row."""
    return [_seen(terminal, "jk"[number % 2], number) for number in range(KEYS)]


def _seen(terminal: Terminal, key: str, number: int) -> float:
    """Seconds until the key has changed what is marked, or where the terminal's own cursor is."""
    terminal.quiet(PAUSE + number % 10 / 97)
    before, began = _marks(terminal), monotonic()
    terminal.send(key)
    while _marks(terminal) == before:
        assert terminal.read(10), terminal.text
    return monotonic() - began


def _marks(terminal: Terminal) -> list[object]:
    """The colour behind each line, and the column of the cursor."""
    screen = terminal.screen
    return [
        screen.cursor.x if terminal.process.args == ["cat"] else 0,
        *(screen.buffer[y][1].bg for y in range(screen.lines)),
    ]


@contextmanager
def _searching(crowd: Crowd, terminal: Terminal) -> Iterator[None]:
    """A page of the audit log is there, and the next one takes as long as the keys do."""
    open_screen(terminal, Screen("audit", "9", "types a search"))
    open_screen(terminal, Screen("search", "/since:all\r", "rows"))
    crowd.admin.execute(SLOWED)
    terminal.send("G")
    terminal.wait_for("looking further back")
    terminal.send("g")
    terminal.quiet(1.0)
    yield
    assert crowd.admin.execute(ASLEEP).fetchone() == (True,), "the search has ended too soon"
