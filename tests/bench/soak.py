"""Half an hour in the console: whether its memory grows while somebody goes through all panes of a busy database."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from time import monotonic

import psutil
from psycopg.conninfo import conninfo_to_dict

from tests.bench.options import Options
from tests.bench.program import BIN, OURS, settled
from tests.demo.headless import environment
from tests.fixtures.running import private_folder
from tests.terminal import Terminal

SIZE = (120, 40)
ROUND = ("1", "2", "\r", "\x1b", "3", "4", "\r", "\x1b", "v", "v", "5", "6", "7", "8", "9", "0", "F")
"""Keys of every pane, and pages of a session and of a statement; two seconds or more apart: each is asked for."""

STAY = 3.0
"""Seconds after each key."""

WARMING = 10.0
"""Minutes until all that is read late or kept on purpose is there: the console remembers its last ten minutes."""

LIMIT = 3e6
"""Bytes by which it may grow."""


@dataclass(frozen=True, slots=True)
class Sample:
    """How much it was."""

    minute: float
    """Since the warming up."""
    memory: int
    """Resident bytes."""

    def __str__(self) -> str:
        return f"minute {self.minute:>4.1f}: {self.memory / 1e6:.1f} MB"


def lines(options: Options) -> Iterator[str]:
    """A sample a minute, then by how much it has grown."""
    taken = []
    for sample in samples(options.minutes):
        taken.append(sample)
        yield str(sample)
    grown = taken[-1].memory - taken[0].memory
    yield f"grown by {grown / 1e6:+.1f} MB in {taken[-1].minute:.0f} minutes (budget {LIMIT / 1e6:.0f} MB)"


def samples(minutes: float) -> Iterator[Sample]:
    """One a minute, from the end of the warming up on."""
    with _demo() as dsn:
        where = {name: str(value) for name, value in conninfo_to_dict(dsn).items()}
        command = OURS.command(where)
        with settled(where) as env, Terminal(command, columns=SIZE[0], lines=SIZE[1], env=env) as terminal:
            terminal.wait_for(OURS.alive)
            process, keys = psutil.Process(terminal.process.pid), cycle(ROUND)
            _press_until(monotonic() + 60 * WARMING, terminal, keys)
            began = monotonic()
            for minute in range(int(minutes) + 1):
                _press_until(began + 60 * minute, terminal, keys)
                yield Sample((monotonic() - began) / 60, process.memory_info().rss)


def _press_until(moment: float, terminal: Terminal, keys: Iterator[str]) -> None:
    while monotonic() < moment:
        terminal.send(next(keys))
        terminal.quiet(STAY)
        assert terminal.process.poll() is None, terminal.text


@contextmanager
def _demo() -> Iterator[str]:
    """A demo of its own with traffic; gives the way to its database."""
    with private_folder() as folder:
        command = [str(BIN / "emr-console"), "demo", "--headless", "--fresh", "--scale", "0.01"]
        with subprocess.Popen(command, env=environment(folder), text=True, stdout=subprocess.PIPE) as demo:
            try:
                assert demo.stdout is not None
                yield json.loads(demo.stdout.readline())["dsn"]
            finally:
                demo.send_signal(signal.SIGTERM)
