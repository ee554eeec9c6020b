"""The first line of the pane's own screens: what, and where."""

from console.db.database import Database
from console.shared.identity import identify
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.titlebar import TitleBar


class Title(TitleBar):
    """What is planned or run, on which database."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self._db = db

    def left(self, what: str) -> list[Piece]:
        """What, where."""
        here = identify(self._db.target, self._db.known)
        where = f"{here.profile} ({here.database} @ {here.host})".lstrip()
        label = [Piece("PRODUCTION", Tone.ERROR), Piece(" ", Tone.PLAIN)] if here.production else []
        return [Piece(f" {what} on ", Tone.PLAIN), *label, Piece(where, Tone.PLAIN)]


def named(labels: list[str]) -> str:
    """Several migrations in few words.

    >>> named(["004_add_patients_table"]), named(["005_a", "004_b"]), named(["005_a", "004_b", "003_c", "002_d"])
    ('004_add_patients_table', '005 and 004', '005 to 002')
    """
    if len(labels) < 2:
        return "".join(labels) or "nothing"
    versions = [label.partition("_")[0] for label in labels]
    return f"{versions[0]} {'and' if len(versions) == 2 else 'to'} {versions[-1]}"
