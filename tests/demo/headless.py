"""`emr-console demo --headless` as a process, in a folder of the test."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from console.demo import pidfile

SCALE = "0.0001"
LIMIT = 90.0
PROGRAM = """
from console.demo.generate import moments
moments.SPAN = 182 * moments.DAY
from console.__main__ import main
main()
"""
"""The console whose hospital is half a year old: seven years of partitions take seconds, and here is not their test."""

Environment = dict[str, str]
"""What makes a demo live in a folder of the test."""


def environment(folder: Path) -> Environment:
    """For root the temporary folder decides, for everybody else the state directory."""
    folder.chmod(0o711)
    return {**os.environ, "TMPDIR": str(folder), "HOME": str(folder), "XDG_STATE_HOME": str(folder)}


@contextmanager
def started(environment: Environment, *options: str, program: str = PROGRAM) -> Iterator[subprocess.Popen[str]]:
    """A headless demo; killed at the end if it is still there."""
    command = [sys.executable, "-c", program, "demo", "--headless", *options]
    with subprocess.Popen(
        command, env=environment, text=True, bufsize=0, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line(stream: Any) -> str:
    """The next line, in time."""
    ready, _, _ = select.select([stream], [], [], LIMIT)
    assert ready, "the demo said nothing"
    return str(stream.readline())


def end(process: subprocess.Popen[str], sign: signal.Signals) -> tuple[int, str]:
    """Exit code and everything else it said."""
    process.send_signal(sign)
    _, said = process.communicate(timeout=LIMIT)
    return process.returncode, said


def data_dir(environment: Environment) -> Path:
    return next(Path(environment["TMPDIR"]).glob("**/data/postmaster.pid")).parent


def server(data: Path) -> pidfile.Postmaster | None:
    """The server that is there."""
    return pidfile.read(data)
