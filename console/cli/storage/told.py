"""What the twins of the storage pane have in common: the object they print, and what they tell beside it."""

import argparse
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from console.cli import output

if TYPE_CHECKING:
    from console.db.server import Server


def answer(as_of: datetime, server: "Server", rows: Sequence[Mapping[str, Any]], missing: Sequence[str]) -> None:
    """One JSON object; what cannot be told stands in `missing`, and where that leaves no row, in `unavailable`."""
    why = {"unavailable": " ".join(missing)} if missing and not rows else {}
    output.answer(as_of, server, rows=rows, **why, missing=missing)


def narrate(args: argparse.Namespace, rows: Sequence[object], nothing: str, missing: Sequence[str]) -> None:
    """That there is nothing, and what cannot be told."""
    if not rows and not missing:
        output.say(args, nothing)
    for sentence in missing:
        output.say(args, sentence)
