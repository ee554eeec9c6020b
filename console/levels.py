"""How bad something is, as it is drawn: a colour, and a sign that says the same."""

from console.services.health.models import Level
from console.ui.columns import Tone

SIGNS = {Level.CRIT: "✖", Level.WARN: "▲", Level.UNKNOWN: "?", Level.OK: "●"}
"""What says the same as the colour."""

TONES = {Level.CRIT: Tone.ERROR, Level.WARN: Tone.WARNING, Level.UNKNOWN: Tone.INFO, Level.OK: Tone.OK}
"""The colour of a level."""


def signed(level: str, text: str) -> str:
    """A text with the sign of a level, as json.md spells it.

    >>> signed("warn", "inactive")
    '▲ inactive'
    """
    return f"{SIGNS[Level(level)]} {text}"


def tone(level: str) -> Tone:
    """The colour of a level, as json.md spells it."""
    return TONES[Level(level)]
