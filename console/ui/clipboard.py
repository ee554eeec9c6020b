"""Copying over SSH: the terminal's own clipboard by OSC 52, and a file where the text is too long for that."""

import os
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

OSC52_LIMIT = 74_000
"""Bytes of text that terminals take; some drop a longer sequence without a word."""


def sequence(text: str, environ: Mapping[str, str]) -> str | None:
    r"""The escape sequence that puts a text on the clipboard; None if it is too long for one.

    Inside tmux it is sent twice: for tmux itself (`set-clipboard on`), and wrapped for the terminal around it.

    >>> sequence("hi", {})
    '\x1b]52;c;aGk=\x07'
    >>> sequence("hi", {"TMUX": "/tmp/tmux"})
    '\x1b]52;c;aGk=\x07\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\'
    """
    encoded = text.encode(errors="replace")
    if len(encoded) > OSC52_LIMIT:
        return None
    plain = f"\x1b]52;c;{b64encode(encoded).decode()}\x07"
    return f"{plain}\x1bPtmux;\x1b{plain}\x1b\\" if environ.get("TMUX") else plain


def save(text: str, folder: Path) -> Path:
    """Write the text to a file that only this person can read, in place of the one before; returns its path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "copy.txt"
    path.unlink(missing_ok=True)  # never through a link, and never with the mode of an older file
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return path
