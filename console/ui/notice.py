"""What a pane says in place of its rows, or below them."""

import re
from enum import StrEnum

from textual.widgets import Static

from console.errors import ConsoleError
from console.ui.text import age, sanitise


class State(StrEnum):
    """How a pane stands; one of them is always drawn."""

    LOADING = "loading"
    """The first answer has not come yet."""
    EMPTY = "empty"
    """The answer is that there is nothing."""
    DATA = "data"
    """There are rows, and they are as new as they should be."""
    STALE = "stale"
    """There are rows, but newer ones could not be had."""
    UNAVAILABLE = "unavailable"
    """There is nothing to show, and a reason."""


LONG_PATH = re.compile(r"(?<![^\s\"'(])/(?=[^\s\"']{24})(?:[^\s\"'/]+/)+([^\s\"'/]+)")
"""The path of a file that is longer than a few words, and the file's name."""

WORTH_SAYING = 1.0
"""Seconds after which a question that is still open is mentioned."""


def waiting_text(seconds: float) -> str:
    """A question that takes long.

    >>> waiting_text(0.4), waiting_text(3.2)
    ('', 'asked 3 s ago, no answer yet; esc gives up')
    """
    return f"asked {age(seconds)} ago, no answer yet; esc gives up" if seconds >= WORTH_SAYING else ""


def retry_text(seconds: float | None) -> str:
    """When the next attempt is due.

    >>> retry_text(3.4), retry_text(0.1), retry_text(None)
    ('next try in 4 s', 'next try now', 'r asks again')
    """
    if seconds is None:
        return "r asks again"
    return f"next try in {age(seconds + 0.999)}" if seconds > 0.5 else "next try now"


def stale_text(error: ConsoleError, since: float, retry: float | None) -> str:
    """Why the rows are old, in one line.

    >>> stale_text(ConsoleError("The server does not answer."), 34.0, 2.0)
    'stale 34 s · next try in 2 s · The server does not answer.'
    """
    return f"stale {age(since)} · {retry_text(retry)} · {short_paths(error.sentence())}"


def short_paths(text: str) -> str:
    """A text in which no long path of a file keeps a person from reading what comes after it.

    >>> short_paths('It is not there ("/home/ana/.local/share/emr-console/run/.s.PGSQL.5432"). Is /etc/hosts right?')
    'It is not there ("…/.s.PGSQL.5432"). Is /etc/hosts right?'
    """
    return LONG_PATH.sub(r"…/\1", text)


def unavailable_text(error: ConsoleError, retry: float | None) -> str:
    """Why there is nothing, and what to do about it, on several lines.

    >>> print(unavailable_text(ConsoleError("Too old.", hint="Update it."), None))
    Too old.
    Update it.
    <BLANKLINE>
    r asks again
    """
    parts = [part for part in (error.message, error.state, error.hint) if part]
    return "\n".join([*parts, "", retry_text(retry)])


class Notice(Static):
    """A sentence; written only when it says something new."""

    DEFAULT_CSS = """
    Notice {
        display: none;
        color: $text-muted;
        &.-line { display: block; height: auto; max-height: 4; padding: 0 2; color: $text-warning; }
        &.-whole { display: block; height: 1fr; padding: 1 2; }
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.text = ""
        """What it says."""

    def say(self, text: str, *, whole: bool) -> None:
        """Say it below the rows, or on the whole pane; nothing at all if there is nothing to say."""
        self.set_class(whole, "-whole")
        self.set_class(bool(text) and not whole, "-line")
        if text != self.text:
            self.text = text
            self.update(sanitise(text, lines=True))
