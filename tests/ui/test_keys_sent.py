"""Which bytes are escape, and which are a sequence of a terminal; told to Textual's own parser as a line sends them."""

import importlib
from collections.abc import Sequence

import pytest
from textual.events import Paste

from console.ui.keyboard import SURE, Typing

XTermParser = importlib.import_module("textual._xterm_parser").XTermParser


def keys(*chunks: bytes, pause: float = 0.0) -> list[str]:
    """What is heard of what comes piece by piece, with a pause between two by the clock of the decoder."""
    now = 0.0
    typing, parser, heard = Typing("utf-8", clock=lambda: now), XTermParser(), []
    for chunk in chunks:
        if text := typing.decode(chunk):  # nothing would be the end of the line
            heard += list(parser.feed(text))
        now += pause
    heard += list(parser.feed(""))
    return [event.text if isinstance(event, Paste) else event.key for event in heard]


@pytest.mark.parametrize(
    ("after", "key"),
    [
        (b"2", "2"), (b"6", "6"), (b"/", "slash"), (b":", "colon"), (b"\r", "enter"), (b"?", "question_mark"),
        (b"-", "minus"), (b"=", "equals_sign"), (b" ", "space"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("apart", [False, True])
def test_escape_before_a_key_is_a_key(after: bytes, key: str, apart: bool) -> None:
    chunks = (b"a\x1b", after + b"b") if apart else (b"a\x1b" + after + b"b",)
    assert keys(*chunks) == ["a", "escape", key, "b"]


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        (b"\x1b[A", ["up"]),
        (b"\x1bOP", ["f1"]),
        (b"\x1b[1;5D", ["ctrl+left"]),
        (b"\x1bb", ["ctrl+left"]),
        (b"\x1bq", ["alt+q"]),
        (b"\x1b\t", ["shift+tab"]),
        (b"\x1b\x1b", ["escape", "escape"]),
        (b"\x1b\x1b2", ["escape", "escape", "2"]),
        (b"\x1b[200~a\x1b2 \x1b[Ab\x1b[201~\x1b2", ["a2 [Ab", "escape", "2"]),
    ],
)
def test_what_a_terminal_sends_stays(sent: bytes, heard: Sequence[str]) -> None:
    assert keys(sent) == heard
    if b"\x1b\t" not in sent:
        assert keys(*(bytes([byte]) for byte in sent)) == heard


def test_late_keys_are_as_they_come() -> None:
    """When Textual has taken the byte ESC for the key by itself, nothing is put behind it."""
    now = 0.0
    typing = Typing("utf-8", clock=lambda: now)
    first, now = typing.decode(b"\x1b"), SURE
    assert (first, typing.decode(b"2")) == ("\x1b", "2")
