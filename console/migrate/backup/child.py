"""pg_dump and pg_restore as our children: they reach the session's server, and end with the task that runs them."""

import asyncio
import re
import subprocess
from asyncio.subprocess import Process
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from types import MappingProxyType

from console.db import operator
from console.db.handover import Handover
from console.errors import ConsoleError, Exit

ENDING_SECONDS = 10.0
"""How long one may take to end when it was asked to, before it is ended by force."""

LISTENING_SECONDS = 1.0
"""How often the listener is called when nothing is said."""

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_LINE_LIMIT = 2**20
_LAST_LINES = 50
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\([^)]*\)")


async def follow(program: Path, *arguments: str, reach: Handover, hear: Callable[[str], None]) -> None:
    """Run it to its end; `hear` gets each line that it says, and an empty one every second of silence.

    ConsoleError with exit 50 tells its last words when it fails.
    """
    last: deque[str] = deque(maxlen=_LAST_LINES)
    with ExitStack() as stack:
        descriptor = stack.enter_context(reach.passfile())
        variables = {**reach.environment, "PGPASSFILE": f"/dev/fd/{descriptor}"}
        async with _running(program, *arguments, variables=variables, descriptor=descriptor) as process:
            async for line in _lines(process):
                last.append(line)
                hear(line)
            code = await process.wait()
    if code != 0:
        raise failed(f"{program.name} failed (exit {code}): {words(last)}")


async def answer(program: Path, *arguments: str) -> str:
    """What it says to the end, without a server; ConsoleError with exit 50 when it fails."""
    async with _running(program, *arguments, stdout=subprocess.PIPE) as process:
        said, complaint = await process.communicate()
    if process.returncode != 0:
        lines = complaint.decode(errors="replace").splitlines()
        raise failed(f"{program.name} failed (exit {process.returncode}): {words(lines)}")
    return said.decode(errors="replace")


def failed(message: str) -> ConsoleError:
    """The error that says there is no backup."""
    return ConsoleError(
        message,
        state="There is no backup; what was written of it is removed.",
        hint="Mend that, then try again.",
        exit=Exit.BACKUP_FAILED,
    )


def words(lines: Iterable[str]) -> str:
    """The first error among the last lines, without what stands in quotes or parentheses: that could be data.

    >>> words(["pg_dump: last built-in OID is 16383", 'pg_dump: error: query failed: ERROR:  no date: "Doe"', "x"])
    'query failed: ERROR: no date: ?'
    """
    errors = [line.partition("error: ")[2] for line in lines if "error: " in line]
    return " ".join(_QUOTED.sub("?", errors[0]).split()) if errors else "it did not say why"


@asynccontextmanager
async def _running(
    program: Path,
    *arguments: str,
    variables: Mapping[str, str] = MappingProxyType({}),
    descriptor: int | None = None,
    stdout: int = subprocess.DEVNULL,
) -> AsyncIterator[Process]:
    """Its own process group, so that Ctrl-C is ours to hear; what it writes is for this account alone."""
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**_ENVIRONMENT, **variables, "PGAPPNAME": operator.current().application_name("backup")},
        pass_fds=() if descriptor is None else (descriptor,),
        process_group=0,
        umask=0o077,
        limit=_LINE_LIMIT,
    )
    try:
        yield process
    finally:
        await _ended(process)


async def _ended(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(ENDING_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _lines(process: Process) -> AsyncIterator[str]:
    """What it says on stderr, line by line; an empty line when it says nothing for a while."""
    assert process.stderr is not None
    while True:
        try:
            async with asyncio.timeout(LISTENING_SECONDS):
                line = await process.stderr.readline()
        except TimeoutError:
            yield ""
            continue
        if not line:
            return
        yield line.decode(errors="replace").rstrip("\n")
