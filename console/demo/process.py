"""Programs of PostgreSQL: run to their end, waited for, ended."""

import asyncio
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from console.demo.account import Account

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""Theirs instead of ours: the person's PG* and LC_* variables are not the server's business."""

ENDINGS = ((signal.SIGINT, 300.0), (signal.SIGQUIT, 20.0), (signal.SIGKILL, 20.0))
"""What a server is sent, and the seconds until the next one: a fast shutdown writes to a disk that may be busy."""

PAUSE = 0.02


async def run(program: Path, *arguments: str, cwd: Path, account: Account) -> tuple[int, str]:
    """Exit code and everything said; the program ends with the task that runs it."""
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=ENVIRONMENT,
        process_group=0,
        **account.process,
    )
    try:
        said, _ = await process.communicate()
    except BaseException:
        process.terminate()
        await process.wait()
        raise
    return process.returncode or 0, said.decode(errors="replace")


async def command_of(pid: int, account: Account) -> str:
    """How another process was started; empty where there is none of that number."""
    processes = Path("/proc")
    if not (processes / "self").exists():  # as on macOS
        _, said = await run(Path("/bin/ps"), "-wwo", "command=", "-p", str(pid), cwd=Path("/"), account=account)
        return said
    with suppress(OSError):
        return (processes / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


async def until(condition: Callable[[], bool], limit: float) -> None:
    """Wait for what only a file or the process table shows; TimeoutError after `limit` seconds."""
    async with asyncio.timeout(limit):
        while not condition():  # noqa: ASYNC110 - another process cannot set our Event
            await asyncio.sleep(PAUSE)


async def end(send: Callable[[signal.Signals], None], ended: Callable[[], bool]) -> None:
    """End a server: its fast shutdown, then its immediate one, then by force."""
    for sign, limit in ENDINGS:
        with suppress(ProcessLookupError):
            send(sign)
        with suppress(TimeoutError):
            await until(ended, limit)
            return
