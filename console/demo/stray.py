"""What a killed demo left at work in its folder, whatever postmaster.pid says: that may be empty, or of long ago."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from console.demo.account import Account

ENDINGS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 20.0), (signal.SIGKILL, 20.0))
"""As of a server of our own, but nobody waits long for one that may hang: the next start recovers what it had."""

PROGRAMS = frozenset({"postgres", "initdb"})
PROCESSES = Path("/proc")


def at_work(home: Path, account: Account) -> list[int]:
    """The servers of this account in this folder, and what makes one; their own children are theirs to end."""
    known = dict(_by_kernel(home, account) if (PROCESSES / "self").exists() else _by_ps(home, account))
    return [pid for pid, parent in known.items() if parent not in known]


def send(sign: signal.Signals, pid: int, pg_ctl: Path, account: Account) -> None:
    """As that account: should the number be somebody else's by now, root's signal would reach him."""
    command: list[str | Path] = [pg_ctl, "kill", sign.name.removeprefix("SIG"), str(pid)]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, **account.process)


def _by_kernel(home: Path, account: Account) -> Iterator[tuple[int, int]]:
    """Processes and their parents."""
    for process in PROCESSES.iterdir():
        if not process.name.isdigit():
            continue
        with suppress(OSError):  # it has ended
            if process.stat().st_uid == account.uid:
                name, _, stat = (process / "stat").read_text(errors="replace").partition("(")[2].rpartition(") ")
                state, parent = stat.split()[:2]
                if name in PROGRAMS and state not in "ZX" and _works_in(home, process, name):
                    yield int(process.name), int(parent)


def _works_in(home: Path, process: Path, name: str) -> bool:
    """Whether it is there, and runs what it calls itself: what only looks like a server has another program."""
    try:
        real = Path(os.path.realpath(home))
        there = (process / "cwd").readlink() in (real, real / "data")
    except PermissionError:  # as for root in a container: how it was started is told to everybody
        words = (process / "cmdline").read_text(errors="replace").split("\0")
        return str(home / "data") in words or f"--pgdata={home / 'data'}" in words
    try:
        return there and (process / "exe").readlink().name.removesuffix(" (deleted)") == name
    except FileNotFoundError:  # it is about to end, and yet holds the memory
        return there


def _by_ps(home: Path, account: Account) -> Iterator[tuple[int, int]]:
    """The same where there is no /proc, as on macOS: by how they were started."""
    command = ["/bin/ps", "-A", "-ww", "-o", "pid=,ppid=,uid=,command="]
    listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, errors="replace", check=True).stdout
    return listing(listed, home / "data", account.uid)


def listing(text: str, data: Path, uid: int) -> Iterator[tuple[int, int]]:
    """Those of ps that serve this folder, or make it.

    >>> list(listing("7 1 501 /bin/postgres -D /d/data --port=1\\n8 1 501 tail /d/data/log", Path("/d/data"), 501))
    [(7, 1)]
    """
    started = (f"/postgres -D {data} ", f"/initdb --pgdata={data} ")
    for line in text.splitlines():
        pid, parent, owner, said = line.split(maxsplit=3)
        if int(owner) == uid and any(words in f"{said} " for words in started):
            yield int(pid), int(parent)
