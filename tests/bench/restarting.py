"""A server that is restarted under the console: how soon that is said, and how soon the console is back."""

from collections.abc import Iterator
from time import monotonic

from tests.bench.options import Options
from tests.bench.program import INTERVAL, OURS, settled
from tests.bench.serving import server
from tests.fixtures.running import complete
from tests.terminal import Terminal

AWAY = 20.0
"""Seconds for which the server is away: long enough that the console tries as seldom as it ever does."""

BACK = 10.0
"""Seconds after which it must be back."""


def lines(options: Options) -> Iterator[str]:
    """The longest of several restarts."""
    told = back = 0.0
    with (
        server() as cluster,
        settled(cluster.params()) as env,
        Terminal(OURS.command(cluster.params()), columns=120, lines=40, env=env) as terminal,
    ):
        terminal.wait_for(r" live$")
        for _ in range(options.times):
            complete(cluster.stop())
            told = max(told, _seconds_until(terminal, "next try"))
            terminal.quiet(AWAY)
            complete(cluster.start())
            back = max(back, _seconds_until(terminal, r" live$"))
        assert b"Traceback" not in terminal.raw
    yield f"a server that stops is noticed after {told:.1f} s (budget {2 * INTERVAL} s: two refreshes)"
    yield f"one that was away for {AWAY:.0f} s is back after {back:.1f} s (budget {BACK:.0f} s)"


def _seconds_until(terminal: Terminal, pattern: str) -> float:
    began = monotonic()
    terminal.wait_for(pattern)
    return monotonic() - began
