"""A program in a pseudo-terminal, read by a terminal emulator: what a person on SSH would see, and pay for."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Self

import pyte
from pyte.modes import IRM

PATIENCE = 60.0
"""Seconds after which a wait is given up; only there to end a hang."""
ESC = "\x1b[27u"
"""The escape key of a terminal with the kitty protocol; a bare one is told from an alt key by 0.1 s of nothing else."""
AT_ONCE = 64
"""Pieces that are read before anybody looks at the clock again: a program may write for ever."""


class Screen(pyte.Screen):
    """Pyte's, which works out each cell of what is drawn; most of it is plain text, of the same few cells."""

    def draw(self, data: str) -> None:
        """Draw it where the cursor stands; here only what needs no more than a cell for each character."""
        shown, end = data.translate(self.g1_charset if self.charset else self.g0_charset), self.cursor.x + len(data)
        if IRM in self.mode or end > self.columns or not (shown.isascii() and shown.isprintable()):
            super().draw(data)
            return
        line, look = self.buffer[self.cursor.y], self.cursor.attrs
        for x, character in enumerate(shown, self.cursor.x):
            line[x] = _cell(look, character)
        self.dirty.add(self.cursor.y)
        self.cursor.x = end


@lru_cache(4096)
def _cell(look: Any, character: str) -> Any:
    return look._replace(data=character)


class Terminal:
    """One program on its own terminal; ended when the block ends."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        lines: int = 24,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.screen = Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        """Everything the program has written."""
        self.started = time.monotonic()
        """When it was started, on the monotonic clock."""
        self._master, slave = pty.openpty()
        self.resize(columns, lines)
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "", "LANG": "C.UTF-8", **(env or {})}
        for name in ("COLUMNS", "LINES", "TMUX", "NO_COLOR"):
            if name not in (env or {}):
                environment.pop(name, None)
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True, close_fds=True
        )
        os.close(slave)

    def resize(self, columns: int, lines: int) -> None:
        """Change the size, as a person does with the window."""
        self.screen.resize(lines, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        if hasattr(self, "process"):
            os.killpg(self.process.pid, signal.SIGWINCH)

    @property
    def text(self) -> str:
        """The screen as lines of text; a wide character's second cell holds nothing."""
        rows = (self.screen.buffer[number] for number in range(self.screen.lines))
        return "\n".join("".join(row[cell].data for cell in range(self.screen.columns)).rstrip() for row in rows)

    def send(self, keys: str) -> None:
        """Type; `\udcff` and its like are the bytes that are no UTF-8."""
        os.write(self._master, keys.encode(errors="surrogateescape"))

    @property
    def cooked(self) -> bool:
        """Whether the terminal itself echoes what is typed, as a shell wants it."""
        return bool(termios.tcgetattr(self._master)[3] & termios.ECHO)

    def cook(self) -> None:
        """Make it do so, as a shell does when it comes to the front."""
        mode = termios.tcgetattr(self._master)
        mode[3] |= termios.ECHO | termios.ICANON
        termios.tcsetattr(self._master, termios.TCSANOW, mode)

    def wait_for(self, pattern: str) -> None:
        """Read until the screen shows a regular expression."""
        self.until(lambda: re.search(pattern, self.text, re.MULTILINE) is not None, f"never showed {pattern!r}")

    def wait_without(self, pattern: str) -> None:
        """Read until the screen shows it no more, for example after esc, which with the next key would be alt+key."""
        self.until(lambda: re.search(pattern, self.text, re.MULTILINE) is None, f"still shows {pattern!r}")

    def until(self, true: Callable[[], bool], trouble: str, *, at_least_every: float = 1.0) -> None:
        """Read until this is so; it is looked at whenever something was written, and after so many seconds."""
        deadline = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > deadline or not self.read(at_least_every):
                raise AssertionError(f"{trouble}; the screen is:\n{self.text}")

    def read(self, seconds: float) -> bool:
        """Read what comes within that time, and what is there then; False when the program has closed its end."""
        for _ in range(AT_ONCE):
            if not self._readable(seconds):
                break
            try:
                data = os.read(self._master, 65536)
            except OSError:  # the other end is gone
                data = b""
            if not data:
                return False
            self.raw += data
            if b"\x1b[6n" in data:
                os.write(self._master, b"\x1b[1;1R")
            self._stream.feed(data)
            seconds = 0.0
        return True

    def _readable(self, seconds: float) -> bool:
        return bool(select.select([self._master], [], [], seconds)[0])

    def quiet(self, seconds: float) -> bytes:
        """Listen for so long; returns what the program wrote meanwhile."""
        before, deadline = len(self.raw), time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and self.read(left):
            pass
        return bytes(self.raw[before:])

    def rest(self, seconds: float) -> None:
        """Read until nothing has come for so long."""
        deadline = time.monotonic() + PATIENCE
        while self._readable(seconds) and self.read(0):
            assert time.monotonic() < deadline, "it never rests"

    def wait(self) -> int:
        """Read to the program's end; returns its exit code."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read(0.1)
        self.read(0)
        return self.process.wait(timeout=1)

    def hang_up(self) -> None:
        """Take the terminal away; the program, whose own it is not, gets no signal."""
        os.close(self._master)
        self._master = os.open(os.devnull, os.O_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._master)
