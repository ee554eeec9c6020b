"""A line to type into, without a blinking cursor or a frame."""

from typing import ClassVar

from textual.keys import format_key
from textual.widgets import Input


class Entry(Input):
    """One line of text; nothing in it moves unless a person types."""

    DEFAULT_CSS: ClassVar[str] = """
    Entry {
        width: 1fr;
        height: 1;
        border: none;
        padding: 0;
        background: $surface;
        &:focus { border: none; background: $surface; }
        &:nocolor { text-style: underline; }
    }
    """

    def __init__(self, *, value: str = "", placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(value, placeholder=placeholder, id=id, select_on_focus=False)
        self.cursor_blink = False

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether the key is text; Textual knows no character for some, such as slash."""
        sign = format_key(key)
        return super().check_consume_key(key, character or (sign if len(sign) == 1 and sign.isascii() else None))
