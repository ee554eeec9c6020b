"""The line above the table: how much is applied, and who runs the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.ui.bar import DataBar, width_of
from console.ui.columns import Tone
from console.ui.lines import Piece

if TYPE_CHECKING:  # the engine is read when the pane is first shown, not when the console starts
    from console.migrate.reports import Holder, Status


class MigrationStanding(DataBar["Status"]):
    """Where the schema stands as a whole, and who runs the engine now."""

    def told(self, data: Status, width: int) -> list[Piece]:
        """Applied of how many, the flavour where there is room, the lock's holder."""
        first, flavour, *holder = standing_pieces(data)
        roomy = width_of([first, flavour, *holder]) <= width
        return [first, flavour, *holder] if roomy else [first, *holder]


def at_work(holder: Holder) -> str:
    """Who runs the engine, at what, waiting for whom, in few words."""
    who = f"{holder.operator}@{holder.host}" if holder.host else holder.operator
    where = f" at {holder.version}, statement {holder.statement} of {holder.statements}" if holder.version else ""
    waits = f", waits for {', '.join(map(str, holder.blocked_by))}" if holder.blocked_by else ""
    return f"{who}{where}{waits}"


def standing_pieces(status: Status) -> list[Piece]:
    """The line above the table: how much is applied, the flavour, and who holds the lock if somebody does."""
    flavour = "with TimescaleDB" if status.flavour == "timescale" else f"{status.flavour} flavour"
    pieces = [_applied(status), Piece(f" · {flavour}", Tone.PLAIN)]
    if status.lock is not None:
        pieces.append(Piece(f" · ▲ {at_work(status.lock)}", Tone.WARNING))
    return pieces


def _applied(status: Status) -> Piece:
    if status.note:
        return Piece(f"  ▲ {len(status.rows)} migrations, unknown which are applied", Tone.WARNING)
    return Piece(f"  {status.how_many}", Tone.PLAIN)
