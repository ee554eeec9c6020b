"""The postmaster.pid file: who serves a data directory, through which socket, and whether it is ready."""

from dataclasses import dataclass
from pathlib import Path

from console.demo import theirs


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What postmaster.pid says."""

    pid: int
    """The server's process; 0 where the file is cut short."""
    ready: bool
    """Whether it takes connections."""


def parse(text: str) -> Postmaster:
    """Read the file's lines; a server that is starting has not written all of them.

    >>> parse("4711\\n/data\\n1700000000\\n5432\\n/run/x\\n\\n  123  456\\nready   \\n")
    Postmaster(pid=4711, ready=True)
    >>> parse("4711\\n/data\\n1700000000\\n").ready
    False
    """
    lines = [*text.splitlines(), *[""] * 8]
    pid = int(lines[0]) if lines[0].strip().isdigit() else 0
    return Postmaster(pid, lines[7].strip() in ("ready", "standby"))


def read(data: Path) -> Postmaster | None:
    """The server of this data directory according to its file; None without one."""
    told = theirs.text(path(data))
    return None if told is None else parse(told)


def path(data: Path) -> Path:
    """The file of this data directory."""
    return data / "postmaster.pid"
