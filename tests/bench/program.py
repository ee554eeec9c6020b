"""What a terminal program costs: time to its first live rows, bytes on the line, CPU, memory."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from compileall import compile_dir
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from psycopg.conninfo import make_conninfo

import console
from tests.fixtures.running import private_folder
from tests.terminal import Terminal

BIN = Path(sys.executable).parent
"""Where the installed programs are."""

INTERVAL = 2
"""Seconds between two refreshes of each program; pg_activity's default."""


@dataclass(frozen=True, slots=True)
class Program:
    """One of those that are measured."""

    name: str
    """Its command."""
    role: str
    """Who it signs in as, so that the server counts for each what it costs."""
    command: Callable[[Mapping[str, str]], list[str]]
    """The words that start it, from how a database is reached."""
    alive: str
    """What its first screen shows once it is alive."""


def _ours(where: Mapping[str, str]) -> list[str]:
    return [str(BIN / "emr-console"), "--dsn", make_conninfo(**where), "--pane", "sessions"]


def _peer(where: Mapping[str, str]) -> list[str]:
    words = ["-h", where["host"], "-p", where["port"], "-U", where["user"], "-d", where["dbname"]]
    return [str(BIN / "pg_activity"), *words]


OURS = Program("emr-console", "bench_ours", _ours, r"idle in tx")
PEER = Program("pg_activity", "bench_peer", _peer, r"RUNNING QUERIES")
PROGRAMS = (OURS, PEER)
"""Both, in the order in which they are measured."""


def compiled() -> None:
    """Have ours compiled, as an installed one is: else a start reads the sources that were changed since."""
    compile_dir(Path(console.__file__).parent, quiet=1)


@contextmanager
def settled(where: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment of both: an empty home, the password, the interval; ours is compiled."""
    compiled()
    with private_folder() as home:
        config = home / "emr-console" / "config.toml"
        config.parent.mkdir()
        config.write_text(f"interval = {INTERVAL}\n")
        folders = {f"XDG_{kind}_HOME": str(home) for kind in ("CONFIG", "STATE", "CACHE", "DATA")}
        yield {"HOME": str(home), "PGPASSFILE": where["passfile"], **folders}


@dataclass(frozen=True, slots=True)
class Costs:
    """One program at one size."""

    ready: float
    """Seconds from start to live rows, the best of several starts."""
    bytes_ready: int
    """Bytes written until then."""
    bytes_per_second: float
    """Bytes written afterwards, on average."""
    cpu_percent: float
    """Of one core, afterwards."""
    memory: int
    """Resident bytes at the end."""


def watch(
    command: Sequence[str],
    alive: str,
    *,
    size: tuple[int, int],
    seconds: float,
    times: int,
    env: Mapping[str, str],
) -> Costs:
    """Start it several times, and watch the last one for so long."""
    starts = [_start(command, alive, size, env) for _ in range(times - 1)]
    with Terminal(command, columns=size[0], lines=size[1], env=env) as terminal:
        terminal.wait_for(alive)
        starts.append((time.monotonic() - terminal.started, len(terminal.raw)))
        terminal.quiet(2.0)
        process = psutil.Process(terminal.process.pid)
        before, began = sum(process.cpu_times()[:2]), time.monotonic()
        written = len(terminal.quiet(seconds))
        lasted = time.monotonic() - began
        cpu = (sum(process.cpu_times()[:2]) - before) / lasted * 100
        memory = process.memory_info().rss
    ready, until = min(starts)
    return Costs(ready, until, written / lasted, cpu, memory)


def _start(command: Sequence[str], alive: str, size: tuple[int, int], env: Mapping[str, str]) -> tuple[float, int]:
    with Terminal(command, columns=size[0], lines=size[1], env=env) as terminal:
        terminal.wait_for(alive)
        return time.monotonic() - terminal.started, len(terminal.raw)


def cpu_of(command: Sequence[str], *, times: int) -> float:
    """User and system seconds of a command, the best of several runs."""
    return min(_cpu_once(command) for _ in range(times))


def _cpu_once(command: Sequence[str]) -> float:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime
