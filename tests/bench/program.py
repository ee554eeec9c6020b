"""What a terminal program costs: time to its first live rows, bytes on the line, CPU, memory."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psutil

from tests.terminal import Terminal


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
