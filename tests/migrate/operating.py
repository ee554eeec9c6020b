"""Another operator: `emr-console migrate up` in a process of its own, which can be killed.

It is forked from one that has the program loaded: twenty operators at once cost as much as one start of Python. Their
environment is that of the first one's test.
"""

import multiprocessing
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

from console.cli.main import run

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "pytest",
        *(f"console.cli.{name}" for name in ("migrate.actions", "migrate.agree", "migrate.narration", "signals")),
        *(f"console.migrate.{name}" for name in ("up", "lint.gate", "lint.lint", "fingerprint.snapshot")),
        "console.config.choose",
        "console.db.database",
        "console.services.roles.service",
    ]
)
"""What the command line imports on its way, else each operator would do so anew."""


class Operator:
    """One of them, who says yes to everything."""

    def __init__(self, process: BaseProcess, says: TextIO) -> None:
        self.process = process
        self.says = says
        """What he reads."""

    def kill(self) -> None:
        """kill -9, and it is gone."""
        self.process.kill()
        self.process.join()


@contextmanager
def operating(dsn: str, folder: Path, *more: str) -> Iterator[Operator]:
    """He is at work until the end of the block at the latest."""
    mine, his = socket.socketpair()
    words = ("--dsn", dsn, "migrate", "up", "--yes", "--migrations", str(folder), *more)
    process = _FORKS.Process(target=_operate, args=(his, words), daemon=True)
    process.start()
    his.close()
    with mine, mine.makefile() as says:
        try:
            yield (operator := Operator(process, says))
        finally:
            operator.kill()


def _operate(terminal: socket.socket, words: Sequence[str]) -> None:
    """The command line, which is all that the process does."""
    sys.stdout = sys.stderr = terminal.makefile("w")
    sys.exit(run(words))
