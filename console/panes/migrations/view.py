"""The migrations pane: one line a migration, who holds the lock, one migration with its SQL in detail."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult

from console.db.database import Database
from console.errors import ConsoleError
from console.ui.bar import Bar
from console.ui.columns import Column, Kind, Tone
from console.ui.confirm import Fact
from console.ui.lines import Piece
from console.ui.listing import Listing
from console.ui.pane import Pane
from console.ui.table import LineTable
from console.ui.text import duration

if TYPE_CHECKING:  # the engine is read when the pane is first shown, not when the console starts
    from console.migrate.reports import Holder, MigrationStatus, State, Status
    from console.ui.detail import Block

TONES: dict[State, Tone] = {
    "pending": Tone.INFO,
    "applying": Tone.WARNING,
    "orphaned": Tone.ERROR,
    "applied": Tone.OK,
    "applied_unverified": Tone.WARNING,
    "failed_clean": Tone.ERROR,
    "failed_partial": Tone.ERROR,
    "in_doubt": Tone.ERROR,
    "rolling_back": Tone.WARNING,
    "rollback_failed_clean": Tone.ERROR,
    "rollback_failed_partial": Tone.ERROR,
    "missing_file": Tone.WARNING,
    "out_of_order": Tone.WARNING,
    "unknown": Tone.WARNING,
}
"""What the colour of a state says."""

SIGNS = {Tone.OK: "●", Tone.INFO: " ", Tone.WARNING: "▲", Tone.ERROR: "✖"}
"""What says the same without colour."""

DRIFTS = {"cosmetic": "● comments changed", "up": "✖ up changed", "down": "▲ down changed"}
"""How the file of an applied migration differs from what was applied, in words."""


def state_text(row: MigrationStatus) -> str:
    """Sign and word of a state; of an applied one whose file has changed since, that it has."""
    if row.state == "applied" and row.drift is not None:
        return DRIFTS[row.drift]
    beside = [word for word, holds in (("adopted", row.adopted), ("manual", row.manual)) if holds]
    extra = f" ({', '.join(beside)})" if beside else ""
    return f"{SIGNS[TONES[row.state]]} {row.state.replace('_', ' ')}{extra}"


def tone(row: MigrationStatus) -> Tone:
    """The colour that goes with it."""
    return {"up": Tone.ERROR, "down": Tone.WARNING}.get(row.drift or "", TONES[row.state])


COLUMNS: tuple[Column[MigrationStatus], ...] = (
    Column(id="version", title="no.", value=lambda m: m.version, width=4),
    Column(id="name", title="migration", value=lambda m: m.name, width=18, grows=True),
    Column(id="state", title="state", value=lambda m: m.state, drawn=state_text, width=18, tone=tone, grows=True),
    Column(id="batch", title="batch", value=lambda m: m.batch, width=5, kind=Kind.NUMBER, text=str),
    Column(
        id="applied",
        title="applied (UTC)",
        value=lambda m: m.applied_at,
        text=lambda at: f"{at:%Y-%m-%d %H:%M}",
        width=16,
        priority=2,
    ),
    Column(id="by", title="by", value=lambda m: m.operator, width=12, priority=3),
    Column(id="took", title="took", value=lambda m: m.duration, text=duration, width=7, kind=Kind.SECONDS, priority=4),
    Column(id="flavour", title="flavour", value=lambda m: m.flavour, width=9, priority=5),
)
"""What is shown of a migration; without room the highest priorities go first."""


class Standing(Bar):
    """Where the schema stands as a whole, and who runs the engine now."""

    DEFAULT_CSS = "Standing { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.status: Status | None = None
        """What is summed up."""

    def pieces(self, width: int) -> list[Piece]:
        """Applied of how many, the flavour, then the lock's holder or what could not be known."""
        return [] if self.status is None else standing_pieces(self.status)


def at_work(holder: Holder) -> str:
    """Who runs the engine, at what, waiting for whom, in few words."""
    who = f"{holder.operator}@{holder.host}" if holder.host else holder.operator
    where = f" at {holder.version}, statement {holder.statement} of {holder.statements}" if holder.version else ""
    waits = f", waits for {', '.join(map(str, holder.blocked_by))}" if holder.blocked_by else ""
    return f"{who}{where}{waits}"


def standing_pieces(status: Status) -> list[Piece]:
    """The line above the table."""
    applied = sum(row.state in ("applied", "applied_unverified") for row in status.rows)
    flavour = "with TimescaleDB" if status.flavour == "timescale" else f"{status.flavour} flavour"
    pieces = [Piece(f"  {applied} of {len(status.rows)} applied · {flavour}", Tone.PLAIN)]
    if status.lock is not None:
        pieces.append(Piece(f" · ▲ {at_work(status.lock)}", Tone.WARNING))
    if status.note:
        pieces.append(Piece(f" · ▲ {status.note}", Tone.WARNING))
    return pieces


class MigrationsPane(Pane[Database, "Status"]):
    """Where the schema stands."""

    NAME: ClassVar = "migrations"
    TITLE: ClassVar = "Migrations"
    SHORT: ClassVar = "Migr"
    KEY: ClassVar = "8"
    INTERVAL: ClassVar = 5.0

    def body(self) -> ComposeResult:
        """The sum, and the migrations."""
        yield Standing()
        yield Listing(COLUMNS, key=lambda m: m.label)

    async def load(self) -> Status:
        """Ask where everything stands."""
        from console.panes.migrations import service

        return await service.standing(self.database)

    def show(self, data: Status) -> None:
        """Put it on screen."""
        bar = self.query_one(Standing)
        bar.status = data
        bar.repaint()
        self.query_one(Listing).show(data.rows)

    def nothing(self, data: Status) -> str:
        """No files and no ledger."""
        return "" if data.rows else "There is no migration, neither in the folder nor in the database."

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is None:
            return
        from console.ui.detail import DetailScreen

        try:
            blocks = texts(event.row)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error", markup=False)
            return
        self.app.push_screen(DetailScreen(event.row.label, facts(event.row), blocks))


def texts(row: MigrationStatus) -> list[Block]:
    """The files of a migration, as they would run."""
    from console.panes.migrations import service
    from console.ui.detail import Block

    found = service.migration_of(row)
    if found is None:
        return []
    scripts = [script for script in (found.up, found.down, found.verify) if script is not None]
    return [Block(script.file, script.text, "sql") for script in scripts]


FILES = {
    "applied": "as it was applied",
    "missing_file": "missing",
    "cosmetic": "differs from what was applied in comments and space only",
    "up": "its up differs from what was applied",
    "down": "its down differs from the one kept when it was applied",
}
"""How a file stands against what was applied, in a sentence."""


def facts(row: MigrationStatus) -> list[Fact]:
    """All that is known of a migration, in words."""
    error = row.last_error
    known = {
        "state": state_text(row).strip(),
        "file": FILES.get(row.drift or row.state) if row.batch is not None else None,
        "flavour": row.flavour,
        "batch": str(row.batch) if row.batch is not None else None,
        "applied": f"{row.applied_at:%Y-%m-%d %H:%M:%S} UTC" if row.applied_at else None,
        "by": row.operator,
        "took": duration(row.duration) if row.duration is not None else None,
        "statements": str(row.statements) if row.statements else None,
        "last error": f"{error.get('sqlstate') or ''} {error.get('message') or ''}".strip() if error else None,
    }
    return [(label, value) for label, value in known.items() if value]
