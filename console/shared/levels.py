"""How bad something is, as it is drawn: a colour, and a sign that says the same."""

from collections.abc import Sequence

from console.services.health.models import Level
from console.ui.columns import Tone
from console.ui.lines import Piece

SIGNS = {Level.CRIT: "✖", Level.WARN: "▲", Level.UNKNOWN: "?", Level.OK: "●"}
"""What says the same as the colour."""

TONES = {Level.CRIT: Tone.ERROR, Level.WARN: Tone.WARNING, Level.UNKNOWN: Tone.INFO, Level.OK: Tone.OK}
"""The colour of a level."""

WORDS = {Level.CRIT: "critical", Level.WARN: "to look at", Level.UNKNOWN: "unknown"}
"""What a number of findings is called that are not well."""


def counted(levels: Sequence[Level]) -> list[Piece]:
    """How many there are of each level that is not well, the worst first.

    >>> [piece.text for piece in counted([Level.OK, Level.WARN, Level.CRIT, Level.WARN])]
    ['  ✖ 1 critical', '  ▲ 2 to look at']
    """
    told = [(level, levels.count(level)) for level in WORDS if level in levels]
    return [Piece(f"  {SIGNS[level]} {number} {WORDS[level]}", TONES[level]) for level, number in told]


def signed(level: str, text: str) -> str:
    """A text with the sign of a level, as --json spells it.

    >>> signed("warn", "inactive")
    '▲ inactive'
    """
    return f"{SIGNS[Level(level)]} {text}"


def tone(level: str) -> Tone:
    """The colour of a level, as --json spells it."""
    return TONES[Level(level)]
