"""A line to type into, without a blinking cursor or a frame."""

from typing import ClassVar

from textual import events
from textual.keys import format_key
from textual.widgets import Input

from console.ui.text import sanitise

LONGEST = 1_000
"""Characters of a line; a filter or a reason has no use for more."""


class Entry(Input):
    """One line of text; nothing in it moves unless a person types."""

    DEFAULT_CSS: ClassVar[str] = """
    Entry {
        width: 1fr;
        height: 1;
        border: none;
        padding: 0;
        background: $surface;
        &:focus { border: none; background: $surface; background-tint: transparent; }
        &:nocolor { text-style: underline; }
        &:nocolor > .input--cursor { text-style: reverse; }
    }
    """

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(placeholder=placeholder, id=id, select_on_focus=False, max_length=LONGEST)
        self.cursor_blink = False

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether the key is text; Textual knows no character for some, such as slash."""
        sign = format_key(key)
        return super().check_consume_key(key, character or (sign if len(sign) == 1 and sign.isascii() else None))

    def restricted(self) -> None:
        """Nothing rings when there is no more room."""

    def on_paste(self, event: events.Paste) -> None:
        """Take what could have been typed; Textual would take control characters too, and draw them."""
        event.prevent_default()
        event.stop()
        self.replace(typable(event.text)[: LONGEST - len(self.value)], *self.selection)


def typable(text: str) -> str:
    r"""A text as one line, without the characters that have to be spelled out.

    >>> typable("app\x1b[31m:\u202epsql\r\n\tage>30s\n")
    'app[31m:psql age>30s'
    """
    line = " ".join(text[:LONGEST].split())
    if sanitise(line) == line:
        return line
    return "".join(character for character in line if sanitise(character) == character)
