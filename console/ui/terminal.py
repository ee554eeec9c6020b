"""What the terminal can show, as the environment tells it, and what is done to the screen where it cannot."""

import select
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import name, normalize

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

PLAIN_TERMINALS = {"", "dumb", "linux", "unknown", "vt100", "vt102", "vt220"}
"""Values of TERM that know neither colours nor a clipboard."""

LEAST_WIDTH, LEAST_HEIGHT = 60, 15
"""Below this there is a sentence instead of the console."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What may be written to it."""

    colours: bool
    """Whether colours mean something there."""
    unicode: bool
    """Whether it takes more than ASCII."""
    clipboard: bool
    """Whether it may know OSC 52; one that does not might print it."""

    def filters(self) -> list[LineFilter]:
        """What must be done to every line before it is written."""
        return [*([] if self.colours else [WithoutColours()]), *([] if self.unicode else [InAscii()])]


def hung_up(descriptor: int) -> bool:
    """Whether nobody is at the other end any more.

    Reading such a terminal answers nothing at once and for ever, and whoever is not its owner gets no signal.
    """
    line = select.poll()
    line.register(descriptor, 0)
    return any(events & (select.POLLHUP | select.POLLERR) for _, events in line.poll(0))


def terminal(environ: Mapping[str, str]) -> Terminal:
    """The terminal that this environment describes.

    >>> terminal({"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"})
    Terminal(colours=True, unicode=True, clipboard=True)
    >>> terminal({"TERM": "linux", "LANG": "C", "LC_CTYPE": "C.UTF-8"})
    Terminal(colours=False, unicode=False, clipboard=False)
    """
    plain = environ.get("TERM", "") in PLAIN_TERMINALS
    return Terminal(not plain and "NO_COLOR" not in environ, _is_utf8(environ), not plain)


def _is_utf8(environ: Mapping[str, str]) -> bool:
    chosen = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if environ.get("LANG") in {"C", "POSIX"} and chosen == "C.UTF-8":
        return False  # Python set LC_CTYPE itself because of LANG=C (PEP 538); the terminal has not changed by that
    return chosen.lower().replace("-", "").partition("@")[0].endswith("utf8")


class WithoutColours(LineFilter):
    """Takes every colour away; bold, underline and reverse stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line in the terminal's own two colours."""
        return [Segment(text, style.without_color if style else None, control) for text, style, control in segments]


class InAscii(LineFilter):
    """Replaces every character beyond ASCII by one that is as wide."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line in ASCII."""
        return [Segment(in_ascii(text), style, control) for text, style, control in segments]


def in_ascii(text: str) -> str:
    """A text of the same width in ASCII.

    >>> in_ascii("│ ● Žofie … 東 ✖")
    '| * Zofie ~ ?? x'
    """
    return text if text.isascii() else "".join(map(_in_ascii, text))


_SIGNS = dict(zip("•●✖▲▼…⏎⇥→←·\u2013\u2014\u2212▁▂▃▄▅▆▇█", "**x^v~/>><----._-=+*##", strict=True))


@lru_cache(maxsize=4096)
def _in_ascii(character: str) -> str:
    if character.isascii():
        return character
    base = normalize("NFKD", character)[0]
    return _SIGNS.get(character) or _drawing(name(character, "")) or _letter(character, base)


def _letter(character: str, base: str) -> str:
    width = get_character_cell_size(character)
    return base if base.isascii() and base.isprintable() and width == 1 else "?" * width


def _drawing(named: str) -> str:
    if named.startswith("BOX DRAWINGS"):
        turns = any(word in named for word in ("DOWN", "UP", "ARC")) and "VERTICAL" not in named.split()[-1:]
        return "+" if turns else "-" if "HORIZONTAL" in named and "VERTICAL" not in named else "|"
    return "#" if "BLOCK" in named or "QUADRANT" in named or "SHADE" in named else ""
