"""Copying over SSH: tmux's buffer, the terminal's own clipboard by OSC 52, or a file where neither takes the text."""

import os
from asyncio import create_subprocess_exec, timeout
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping
from pathlib import Path

OSC52_LIMIT = 74_000
"""Bytes of text that terminals take; some drop a longer sequence without a word."""

TMUX_PATIENCE = 5.0
"""Seconds that tmux has to take a text."""

Send = Callable[[str], None]
"""Puts a text on the clipboard of the terminal, by OSC 52."""


async def put(text: str, environ: Mapping[str, str], *, send: Send | None, folder: Callable[[], Path]) -> str:
    """Copy a text to where it can be pasted from; returns where that is, in words. Without `send` it goes to a file.

    Inside tmux it is tmux that is asked, since by default it passes no sequence on to the terminal around it.
    """
    sendable = text.encode(errors="replace")
    if len(sendable) > OSC52_LIMIT:
        return f"too long for a clipboard: copied to {save(sendable, folder())}"
    if environ.get("TMUX"):
        if await _tmux_takes(sendable, environ, "-w"):
            return "copied: in tmux's buffer and, if the terminal allows, the clipboard"
        if await _tmux_takes(sendable, environ):  # before 3.2 it knows no -w
            return "copied: in tmux's buffer"
    elif send is not None:
        send(sendable.decode())
        return "copied: sent to the terminal's clipboard"
    return f"copied to {save(sendable, folder())}"


def save(text: bytes, folder: Path) -> Path:
    """Write the text to a file that only this person can read, in place of the one before; returns its path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "copy.txt"
    path.unlink(missing_ok=True)  # never through a link, and never with the mode of an older file
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
    return path


async def _tmux_takes(text: bytes, environ: Mapping[str, str], *options: str) -> bool:
    command = ("tmux", "load-buffer", *options, "-")
    try:
        tmux = await create_subprocess_exec(*command, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, env=dict(environ))
    except OSError:  # it is not in the PATH
        return False
    try:
        async with timeout(TMUX_PATIENCE):
            await tmux.communicate(text)
    except TimeoutError:
        return False
    finally:
        if tmux.returncode is None:
            tmux.kill()
            await tmux.wait()
    return tmux.returncode == 0
