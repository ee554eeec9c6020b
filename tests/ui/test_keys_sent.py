"""Which bytes are escape, and which are a sequence of a terminal; told to Textual's own parser as a line sends them."""

from collections.abc import Iterable, Sequence
from importlib import import_module

import pytest
from textual.constants import ESCAPE_DELAY
from textual.events import Key, Paste
from textual.message import Message

from console.ui.keyboard import Keyboard


def names(events: Iterable[Message]) -> list[str]:
    return [event.text if isinstance(event, Paste) else event.key for event in events if isinstance(event, Key | Paste)]


def keys(*chunks: bytes) -> list[str]:
    """What is heard of what comes piece by piece, before anybody has waited for more."""
    keyboard = Keyboard()
    heard = [key for chunk in chunks for key in names(keyboard.feed(chunk.decode()))]
    return heard + names(keyboard.feed(""))


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
        (b"\x1bj\x1bY\x1b[A", ["alt+j", "alt+shift+y", "up"]),
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


@pytest.mark.parametrize("share", [0.95, 3.0])
def test_late_keys_are_as_they_come(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    """Only when Textual has taken the byte ESC for the key by itself is nothing put behind it.

    It looks ten times a second, whenever its time is over: enter would be heard alone in between.
    """
    now = 0.0
    monkeypatch.setattr(import_module("textual._parser"), "get_time", lambda: now)
    keyboard = Keyboard()
    assert names(keyboard.feed("\x1b")) == []
    now = share * ESCAPE_DELAY
    assert names(keyboard.feed("\r")) == ["escape", "enter"]
    assert names(keyboard.feed("\x1b")) == []
    now += 3 * ESCAPE_DELAY
    assert names(keyboard.tick()) == ["escape"]
    assert names(keyboard.feed("\r")) == ["enter"]


@pytest.mark.parametrize("size", range(1, len("\x1b[200~")))
def test_what_is_pasted_is_never_taken_for_keys(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """However late the rest of its mark comes over a bad line."""
    now = 0.0
    monkeypatch.setattr(import_module("textual._parser"), "get_time", lambda: now)
    keyboard, sent = Keyboard(), "\x1b[200~yKq\x1b[201~"
    assert names(keyboard.feed(sent[:size])) == []
    now = 3 * ESCAPE_DELAY
    early = names(keyboard.tick())
    assert names(keyboard.feed(sent[size:] + "j")) == ["yKq", "j"]
    assert early in ([], ["escape"], ["left_square_bracket"])
