"""The first line of the pane's own screens: what, and where."""

from console.db.database import Database
from console.identity import identify
from console.ui.bar import Bar, cut, width_of
from console.ui.columns import Tone
from console.ui.lines import Piece


class Title(Bar):
    """What is planned or run at the left, on which database; something short at the right."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self._db = db
        self._what = self._beside = ""

    def say(self, what: str, beside: str = "") -> None:
        """What is shown, and what stands at the right."""
        self._what, self._beside = what, beside
        self.repaint()

    def pieces(self, width: int) -> list[Piece]:
        """What, where, blank, beside."""
        here = identify(self._db.target, self._db.known)
        right = [Piece(f" {self._beside} ", Tone.MUTED)]
        where = f"{here.profile} ({here.database} @ {here.host})".lstrip()
        label = [Piece("PRODUCTION", Tone.ERROR), Piece(" ", Tone.PLAIN)] if here.production else []
        left = [Piece(f" {self._what} on ", Tone.PLAIN), *label, Piece(where, Tone.PLAIN)]
        kept = cut(left, width - width_of(right))
        return [*kept, Piece(" " * (width - width_of([*kept, *right])), Tone.PLAIN), *right]


def named(labels: list[str]) -> str:
    """Several migrations in few words.

    >>> named(["004_add_patients_table"]), named(["005_a", "004_b"]), named(["005_a", "004_b", "003_c", "002_d"])
    ('004_add_patients_table', '005 and 004', '005 to 002')
    """
    if len(labels) < 2:
        return "".join(labels) or "nothing"
    versions = [label.partition("_")[0] for label in labels]
    return f"{versions[0]} {'and' if len(versions) == 2 else 'to'} {versions[-1]}"
