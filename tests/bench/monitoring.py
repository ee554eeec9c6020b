"""What a refresh costs beside pg_activity: the server's time, bytes on the line, the client's CPU and memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from time import monotonic

import psutil

from tests.bench.crowd import Crowd, crowded
from tests.bench.options import Options
from tests.bench.program import OURS, PEER, Program, settled
from tests.bench.wire import Relay, relayed
from tests.terminal import Terminal

SIZE = (120, 40)
SETTLED = 5.0
"""Seconds until a screen that was just opened asks for nothing but its refreshes."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of a program."""

    name: str
    """What it is called."""
    keys: str
    """What leads to it from the one before; nothing to the first."""
    alive: str
    """What it shows then."""


OURS_SCREENS = (
    Screen("sessions", "", OURS.alive),
    Screen("overview", "1", "checks"),
    Screen("locks", "3", "emr-service"),
    Screen("statements", "4", "statements, by"),
    Screen("statements now", "v", "statements ended"),
    Screen("database", "5", "cache"),
)
SCREENS: dict[Program, Sequence[Screen]] = {PEER: (Screen("running queries", "", PEER.alive),), OURS: OURS_SCREENS}
"""What is watched."""

OTHERS = "67890F2"
"""Keys of the panes that are not watched, and back to the first one."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """What one costs on average."""

    server: float
    """Milliseconds of planning and executing."""
    statements: float
    """How many."""
    round_trips: float
    """How often it waits for the server."""
    sent: float
    """Bytes to the server."""
    received: float
    """Bytes from it."""
    written: float
    """Bytes to the terminal."""
    cpu: float
    """Percent of one core, of the whole time."""
    memory: int
    """Resident bytes afterwards."""

    def __str__(self) -> str:
        return (
            f"{self.server:>7.2f} ms {self.statements:>6.1f} {self.round_trips:>6.1f}"
            f" {self.sent / 1e3:>7.1f} kB {self.received / 1e3:>7.1f} kB {self.written / 1e3:>7.2f} kB"
            f" {self.cpu:>6.2f} % {self.memory / 1e6:>6.1f} MB"
        )


def lines(options: Options) -> Iterator[str]:
    """Each screen of each program in turn, on one server, both at the same interval."""
    yield f"{options.sessions} sessions, {options.statements:,} statements; what a refresh costs on average:"
    yield "                               server  stmts  trips   to server from server   terminal     CPU    memory"
    with crowded(options) as crowd, relayed(crowd.socket_dir) as (relay, folder), settled(crowd.params()) as env:
        for program, screens in SCREENS.items():
            command = program.command(crowd.params(program.role, folder))
            with Terminal(command, columns=SIZE[0], lines=SIZE[1], env=env) as terminal:
                for screen in screens:
                    open_screen(terminal, screen)
                    cost = _refresh(crowd, relay, program, terminal, options.seconds)
                    yield f"{program.name:<12} {screen.name:<16} {cost}"
                if program is OURS:
                    yield f"every pane visited: {_visited(terminal) / 1e6:.1f} MB"


def open_screen(terminal: Terminal, screen: Screen) -> None:
    """Go there, and wait until it asks for nothing but its refreshes."""
    terminal.send(screen.keys)
    terminal.wait_for(screen.alive)
    terminal.quiet(SETTLED)


def _refresh(crowd: Crowd, relay: Relay, program: Program, terminal: Terminal, seconds: float) -> Refresh:
    process = psutil.Process(terminal.process.pid)
    began, busy, server = monotonic(), sum(process.cpu_times()[:2]), crowd.milliseconds(program.role)
    written = len(terminal.quiet(seconds))
    server, busy, lasted = (
        crowd.milliseconds(program.role) - server,
        sum(process.cpu_times()[:2]) - busy,
        monotonic() - began,
    )
    asked = relay.since(began)
    return Refresh(
        server / len(asked),
        fmean(each.statements for each in asked),
        fmean(each.round_trips for each in asked),
        fmean(each.sent for each in asked),
        fmean(each.received for each in asked),
        written / len(asked),
        100 * busy / lasted,
        process.memory_info().rss,
    )


def _visited(terminal: Terminal) -> int:
    for key in OTHERS:
        terminal.send(key)
        terminal.quiet(SETTLED)
    return int(psutil.Process(terminal.process.pid).memory_info().rss)
