"""The seals tab: day by day, verified on a key."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from console.db.database import Database
from console.panes.audit.reach_line import ReachLine
from console.panes.audit.seals import keys, page
from console.panes.audit.seals.columns import COLUMNS, proved, summed
from console.panes.audit.seals.sealed import SealedDay, Sealing
from console.panes.audit.seals.service import Vault
from console.services.audit.sealing.models import Progress
from console.shared.acting import TOLD
from console.shared.identity import identify
from console.ui.bar import DataBar
from console.ui.columns import Tone
from console.ui.commands import CommandTable, bindings
from console.ui.confirm import ConfirmScreen, Question
from console.ui.detail import DetailScreen, open_page
from console.ui.lines import Piece
from console.ui.pane import Pane
from console.ui.table import LineTable
from console.units import number_of

NONE = """No day of the audit log is sealed yet, so that nobody could tell whether rows were changed.

L seals every day that is over for 48 hours; at night emr-console audit seal does, from cron."""
"""Said before the first seal."""


class SumLine(DataBar[Sealing]):
    """All days in a line."""

    def told(self, data: Sealing, width: int) -> list[Piece]:
        """How many there are of each state, if any."""
        broken = "✖ " if data.count("broken") else ""
        return [Piece(f" {broken}{summed(data)}", Tone.ERROR if broken else Tone.PLAIN)] if data.days else []


class SealsPane(Pane[Database, Sealing]):
    """Which days of the audit log are sealed, and whether they still are what was sealed."""

    NAME: ClassVar = "seals"
    TITLE: ClassVar = "Seals"
    INTERVAL: ClassVar = None
    COMMAND_TABLE: ClassVar[CommandTable] = keys.PANE
    BINDINGS: ClassVar = bindings(keys.PANE)

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._vault = self.vault()
        self._sums = SumLine()
        self._table: LineTable[SealedDay] = LineTable(COLUMNS, key=lambda day: day.day)
        self._reach = ReachLine()
        self._verified: Sealing | None = None

    def vault(self) -> Vault:
        """What it asks."""
        return Vault(self.database)

    def head(self) -> ComposeResult:
        """All days in a line; what is being done, or who has verified them."""
        yield self._sums
        yield self._reach

    def body(self) -> ComposeResult:
        """The days."""
        yield self._table

    async def load(self) -> Sealing:
        """Which days are sealed; what was proved in this session stays, until somebody asks anew."""
        if self._verified is None:
            return await self._vault.standing()
        return self._verified

    def show(self, data: Sealing) -> None:
        """Put it on screen."""
        self._sums.show(data)
        self._reach.rest(proved(data))
        self._table.show(data.days)

    def nothing(self, data: Sealing) -> str:
        """Nothing is sealed."""
        return "" if data.days else NONE

    def remark(self, data: Sealing) -> str:
        """What is wrong with the chain as a whole, and a verification that the ledger does not tell of."""
        unrecorded = [data.kept.sentence] if data.kept.why else []
        return " ".join([*(finding.sentence for finding in data.loose), *unrecorded])

    def say(self) -> None:
        """Also how long something takes."""
        super().say()
        self._reach.repaint()

    def on_hide(self) -> None:
        """Nobody looks any more."""
        super().on_hide()
        self.action_stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One thing at a time; nothing asks by itself, so that there is nothing to pause."""
        if action in ("pause", "interval"):
            return False
        if action == "stop":
            return bool(self._reach.doing)
        if action in ("verify", "seal") and self._reach.doing:
            return False
        return super().check_action(action, parameters)

    def action_now(self) -> None:
        """Ask which days are sealed, and forget what was proved."""
        self._verified = None
        super().action_now()

    def action_stop(self) -> None:
        """Stop what is being done, also on the server."""
        self.workers.cancel_group(self, "seals")

    def action_verify(self) -> None:
        """Hash every sealed day again."""
        if self.check_action("verify", ()):
            self._verify()

    def action_seal(self) -> None:
        """Ask, then seal what is closed."""
        if self.check_action("seal", ()):
            self.app.push_screen(ConfirmScreen(self._question()), lambda consent: self._agreed(consent is not None))

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            open_page(self, DetailScreen(page.title(event.row), blocks=page.blocks(event.row)))

    def _question(self) -> Question:
        return Question(
            title="Seal the audit log",
            facts=[("on", identify(self.database.target, self.database.known).place)],
            consequence="Every day that is over for 48 hours and has no seal gets one, which nobody can take back.",
            verb="seal",
        )

    def _agreed(self, agreed: bool) -> None:
        if agreed:
            self._seal()

    @work(exclusive=True, group="seals", exit_on_error=False)
    async def _verify(self) -> None:
        async with self._doing("hashing sealed days again") as mark:
            self._verified = await self._vault.verify(partial(self._hear, mark))
            self.arrived(replace(self._verified))

    @work(exclusive=True, group="seals", exit_on_error=False)
    async def _seal(self) -> None:
        async with self._doing("sealing") as mark:
            done, kept = await self._vault.seal(partial(self._hear, mark))
            days = max((each.days for each in done), default=0)  # both tables end with the same day
            sealed = number_of(days, "day is", "days are")
            self.notify(f"{sealed} sealed. {kept.sentence if days else ''}", timeout=TOLD)
            self.action_now()

    def _hear(self, mark: int, progress: Progress) -> None:
        self._reach.tell(mark, f"{progress.table}: {progress.done:,} of {progress.days:,} days hashed")

    def _doing(self, what: str) -> AbstractAsyncContextManager[int]:
        return self._reach.during(what, lambda error: self.notify(error.sentence(), severity="error", timeout=TOLD))
