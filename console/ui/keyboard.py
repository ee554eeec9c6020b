"""What a line sends, as text that Textual can tell keys by."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from textual.drivers.linux_driver import XTermParser  # type: ignore[attr-defined] # it has no public place
from textual.events import Key
from textual.message import Message

ESCAPE = "[27u"
"""What follows the byte ESC where the escape key alone is meant: https://sw.kovidgoyal.net/kitty/keyboard-protocol/."""

_KEY = r"[\r\n !-/0-9:-@`{-~]"
"""What no sequence goes on with: letters may be pressed with alt, and [ ] \\ ^ _ are a terminal's own."""

_LETTER = r"(?![bfO])[^\W\d_]"
"""What may be pressed with alt, and means nothing else then."""

_ESC = re.compile(rf"\x1b(?:\[20(?P<paste>[01])~|(?P<key>(?={_KEY}))|(?P<letter>{_LETTER})|)")
"""The byte ESC: where a paste begins or ends, right before a key or a letter, or elsewhere."""

_FIRST = re.compile(rf"(?P<key>(?={_KEY}))|(?P<letter>{_LETTER})")

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
"""Of a paste."""

_ALL = "hyper+meta+super+"
"""What nobody presses all at once: stands for alt before a letter that Textual may not read on from."""


class Keyboard(XTermParser):
    r"""Finds keys in what is typed; escape is a key of its own before another.

    Over a slow line keys come at once. Textual takes the byte ESC and the one behind it for one key, so that of escape
    and enter, which is to leave a dialog, the enter alone would be heard, and confirm it; of escape, a letter and an
    arrow the letter. What is pasted has no keys.

    >>> [key.key for key in Keyboard().feed("\x1b\r\x1by\x1b[A")]
    ['escape', 'enter', 'alt+y', 'up']
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasting = False
        self._held = ""  # in a paste: what may be the beginning of its end
        self._passed = ""  # else: what may be the beginning of one, and is not taken for anything else yet
        self._late = ""  # the same, after it was

    def feed(self, data: str) -> Iterable[Message]:
        """The keys in what has come; without any text the line has ended."""
        text = self._marked(data)
        return map(_with_alt, super().feed(text)) if text or not data else ()

    def tick(self) -> Iterator[Message]:
        """The keys in what nothing has followed for long: the byte ESC is the key by now.

        More than two characters of a mark nobody types; what is pasted behind them must not be taken for keys.
        """
        passed = self._passed
        if len(passed) <= len("\x1b["):
            for message in super().tick():
                self._late, self._passed = passed, ""
                yield message

    def _marked(self, text: str) -> str:
        found, text = self._going_on(text)
        found += _ESC.sub(self._mark, self._held + text)
        tail = _beginning(self._passed + found, _END if self._pasting else _BEGIN)
        self._held, self._passed = (tail, "") if self._pasting else ("", tail)
        return found.removesuffix(self._held)

    def _going_on(self, text: str) -> tuple[str, str]:
        """What ends the beginning of a paste that was just passed on, or the key escape; and the rest."""
        late, self._late = self._late, ""
        whole = late + self._passed + text
        if whole.startswith(_BEGIN):
            self._pasting = True
            return whole[len(self._passed) : len(_BEGIN)], whole[len(_BEGIN) :]
        mark = _FIRST.match(text) if self._passed == "\x1b" else None
        return ("", text) if mark is None else (_key(mark), text[mark.end() :])

    def _mark(self, mark: re.Match[str]) -> str:
        if mark["paste"] is not None:
            self._pasting = mark["paste"] == "0"
        elif self._pasting:
            return mark[0] if _END.startswith(mark.string[mark.start() :]) else mark[0][1:]
        elif mark["key"] is not None or mark["letter"]:
            return "\x1b" + _key(mark)
        return mark[0]


def _key(mark: re.Match[str]) -> str:
    return f"[{ord(mark['letter'])};57u" if mark["letter"] else ESCAPE


def _with_alt(message: Message) -> Message:
    """As Textual calls a letter with alt, and with the letter."""
    if not isinstance(message, Key) or not message.key.startswith(_ALL):
        return message
    letter = message.key.removeprefix(_ALL)
    return Key(f"alt+shift+{letter.lower()}" if letter.isupper() else f"alt+{letter}", letter)


def _beginning(text: str, mark: str) -> str:
    r"""What a text ends with that a mark begins with.

    >>> _beginning("ab\x1b[2", "\x1b[200~"), _beginning("ab", "\x1b[200~")
    ('\x1b[2', '')
    """
    return next((text[-size:] for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), "")


def decoder(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    r"""What makes one for an encoding, as codecs.getincrementaldecoder does; a byte that is in none is spelled.

    >>> decoder("utf-8")().decode(b"M\xfcller")
    'M\ufffdller'
    """
    return partial(codecs.getincrementaldecoder(encoding), errors="replace")
