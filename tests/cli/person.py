"""Somebody at a terminal, played in this process: he sees what a command says, and answers what it asks."""

import io
import os
import pty
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest


class Screen(io.TextIOWrapper):
    """What he sees, on stdout and stderr; whatever his terminal cannot write is an error."""

    def __init__(self, encoding: str, keyboard: int, answers: Mapping[str, str]) -> None:
        self._seen = io.BytesIO()
        super().__init__(self._seen, encoding=encoding, write_through=True)
        self._keyboard = keyboard
        self._answers = answers

    def isatty(self) -> bool:
        """What a command asks first."""
        return True

    def write(self, text: str) -> int:
        """Show it; the answer to a question, which ends in no new line, is typed when it stands there."""
        written = super().write(text)
        if text.endswith((": ", "] ")):
            (answer,) = (typed for question, typed in self._answers.items() if text.endswith(question))
            os.write(self._keyboard, f"{answer}\n".encode())
        return written

    @property
    def text(self) -> str:
        """Everything so far, without colours."""
        return re.sub(r"\x1b\[[\d;]*m", "", self._seen.getvalue().decode(self.encoding))


@contextmanager
def at_a_terminal(
    answers: Mapping[str, str] | None = None, *, columns: object = 200, encoding: str = "utf-8"
) -> Iterator[Screen]:
    """His terminal, for what is run in the block; `answers` by what a question ends in."""
    keyboard, line = pty.openpty()
    with os.fdopen(keyboard, "wb"), os.fdopen(line) as stdin, pytest.MonkeyPatch.context() as here:
        screen = Screen(encoding, keyboard, answers or {})
        for name, stream in (("stdin", stdin), ("stdout", screen), ("stderr", screen)):
            here.setattr(sys, name, stream)
        here.setenv("COLUMNS", str(columns))
        yield screen
