"""The looks a person can choose from; widgets name what a colour means, here it gets its hue."""

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

_DARK = Theme(
    name="dark",
    primary="#6aa5d8",
    secondary="#7d8da1",
    accent="#8ab8e6",
    success="#7fc08a",
    warning="#e0b054",
    error="#ef7070",
    foreground="#d3d7dd",
    background="#13161a",
    surface="#1a1e24",
    panel="#22272f",
    variables={
        "block-cursor-background": "#2b4a6b",
        "block-cursor-foreground": "#ffffff",
        "footer-key-foreground": "#8ab8e6",
    },
)

_LIGHT = Theme(
    name="light",
    primary="#1f5f99",
    secondary="#56657a",
    accent="#14568f",
    success="#1d6b2f",
    warning="#8a5a00",
    error="#b3261e",
    foreground="#1e2227",
    background="#fbfaf7",
    surface="#f1f0ec",
    panel="#e6e5e0",
    dark=False,
    variables={
        "block-cursor-background": "#c9ddf0",
        "block-cursor-foreground": "#000000",
        "footer-key-foreground": "#14568f",
    },
)

_CONTRAST = Theme(
    name="contrast",
    primary="#ffff00",
    secondary="#ffffff",
    accent="#00ffff",
    success="#00ff00",
    warning="#ffff00",
    error="#ff6060",
    foreground="#ffffff",
    background="#000000",
    surface="#2a2a2a",
    panel="#000000",
    variables={
        "block-cursor-background": "#ffff00",
        "block-cursor-foreground": "#000000",
        "text-muted": "#d0d0d0",
        "footer-key-foreground": "#ffff00",
    },
)

# Okabe and Ito's palette: its hues stay apart for every common kind of colour blindness.
_COLOUR_BLIND = replace(
    _DARK, name="colour-blind", success="#56b4e9", warning="#e69f00", error="#ff7f2a", accent="#cc9fd0"
)

_ANSI = replace(
    BUILTIN_THEMES["ansi-dark"],
    name="ansi",
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
        "text-muted": "ansi_bright_black",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_cyan",
        "footer-key-foreground": "ansi_cyan",
    },
)

THEMES = (_DARK, _LIGHT, _ANSI, _CONTRAST, _COLOUR_BLIND)
"""Every theme, the default first."""

PLAIN_THEME = _ANSI.name
"""The theme under which no colour code needs to be written."""


def chosen(theme: str | None) -> str:
    """The theme that a person asked for, or else the first.

    >>> chosen("light"), chosen("no such"), chosen(None)
    ('light', 'dark', 'dark')
    """
    return theme if theme in {known.name for known in THEMES} else THEMES[0].name


def after(theme: str) -> str:
    """The theme that comes after another one.

    >>> after("dark"), after("colour-blind"), after("unknown")
    ('light', 'dark', 'dark')
    """
    names = [known.name for known in THEMES]
    return names[(names.index(theme) + 1) % len(names)] if theme in names else names[0]
