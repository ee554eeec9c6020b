"""Programs of PostgreSQL: run to their end, waited for, ended."""

import asyncio
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from console.demo.account import Account

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""Theirs instead of ours: the person's PG* and LC_* variables are not the server's business."""

Endings = tuple[tuple[signal.Signals, float], ...]

ENDINGS: Endings = ((signal.SIGINT, 300.0), (signal.SIGQUIT, 20.0), (signal.SIGKILL, 20.0))
"""What a server is sent, and the seconds until the next one: a fast shutdown writes to a disk that may be busy."""

PAUSE = 0.02


async def run(program: Path, *arguments: str, cwd: Path, account: Account) -> tuple[int, str]:
    """Exit code and everything said; the program ends with the task that runs it."""
    # Of asyncio's own children, one that ends as its task is cancelled may be waited for twice: that it says on stderr.
    process = _begun([program, *arguments], cwd, account)
    ending = asyncio.ensure_future(asyncio.to_thread(process.communicate))
    try:
        said, _ = await asyncio.shield(ending)
    except BaseException:
        process.terminate()
        await ending
        raise
    return process.returncode, said.decode(errors="replace")


def _begun(command: Sequence[str | Path], cwd: Path, account: Account) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=ENVIRONMENT,
        process_group=0,
        **account.process,
    )


async def until(condition: Callable[[], bool], limit: float | None, pause: float = PAUSE) -> None:
    """Wait for what only a file or the process table shows; TimeoutError after `limit` seconds."""
    async with asyncio.timeout(limit):
        while not condition():  # noqa: ASYNC110 - another process cannot set our Event
            await asyncio.sleep(pause)


async def end(send: Callable[[signal.Signals], None], ended: Callable[[], bool], endings: Endings = ENDINGS) -> None:
    """End a server: its fast shutdown, then its immediate one, then by force."""
    for sign, limit in endings:
        with suppress(ProcessLookupError):
            send(sign)
        with suppress(TimeoutError):
            await until(ended, limit)
            return
