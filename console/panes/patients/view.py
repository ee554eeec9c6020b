"""The patients pane: find a patient, see who looked; nothing in it asks by itself."""

from typing import ClassVar
from uuid import UUID

from textual import on, work
from textual.app import ComposeResult

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.patients import keys
from console.panes.patients.columns import COLUMNS
from console.panes.patients.entry import FindLine
from console.panes.patients.nobody import nobody
from console.panes.patients.service import People, Snapshot
from console.services.patients.found_models import Patient
from console.services.patients.wanted import Wanted
from console.ui.commands import CommandTable, bindings
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.reveal import REVEALING
from console.ui.table import LineTable

HOW = """No patient was searched yet. Press / and type

  TEST-0000123       a record number, or an id in an EMR
  1980-02-03         a date of birth; born:1980-02-03 beside a name
  testson, an        how a last name begins, then how the first one does

Everything is masked; enter tells more of a patient, and v there reveals."""
"""Said before the first search."""


class PatientsPane(Pane[Database, Snapshot]):
    """Find a patient, see who looked."""

    NAME: ClassVar = "patients"
    TITLE: ClassVar = "Patients"
    SHORT: ClassVar = "Pat"
    KEY: ClassVar = "0"
    INTERVAL: ClassVar = None
    COMMAND_TABLE: ClassVar[CommandTable] = keys.PANE
    MORE: ClassVar[CommandTable] = (*keys.TYPING, *keys.PATIENT, *REVEALING)
    BINDINGS: ClassVar = bindings(keys.PANE)

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._people = self.people(database)
        self._line = FindLine()
        self._table: LineTable[Patient] = LineTable(COLUMNS, key=lambda p: p.id, as_json=Patient.as_json)
        self._wanted: Wanted | None = None
        self._last: Wanted | None = None
        self._snapshot = Snapshot()

    def people(self, database: Database) -> People:
        """What it asks."""
        return People(database)

    def head(self) -> ComposeResult:
        """What was searched, masked."""
        yield self._line

    def body(self) -> ComposeResult:
        """Who was found."""
        yield self._table

    async def load(self) -> Snapshot:
        """Search, if that is wanted; else only ask whether one can."""
        if self._wanted is None:
            await self._people.standing()
            return self._snapshot
        found = await self._people.find(self._wanted)
        self._wanted = None
        return Snapshot(found)

    def show(self, data: Snapshot) -> None:
        """Put on screen who was found."""
        self._snapshot = data
        self._table.show(data.found.rows if data.found else ())
        if data.found:
            self._line.say(data.found.shown, len(data.found.rows), more=data.found.more)

    def nothing(self, data: Snapshot) -> str:
        """How to search, or that nobody fits."""
        if data.found is None:
            return HOW
        if data.found.rows:
            return ""
        return f"{nobody(self._last) if self._last else 'No patient fits this.'}\n\n{data.found.remark}".strip()

    def remark(self, data: Snapshot) -> str:
        """What has to be known about who was found."""
        return data.found.remark if data.found else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing asks by itself, so that nothing can pause; where nobody can search, there is no line for it."""
        mute = self.state in {State.LOADING, State.UNAVAILABLE}
        if action in ("pause", "interval") or (action == "find" and mute):
            return False
        return super().check_action(action, parameters)

    def forget(self) -> bool:
        """Clear the search, and who was found."""
        had = self._snapshot.found is not None or bool(self._line.entry.value)
        self._wanted = self._last = None
        self._line.clear()
        self.give_up()
        if had:
            self.arrived(Snapshot())
        return had

    def action_find(self) -> None:
        """Type whom to find."""
        self._line.type()

    def action_now(self) -> None:
        """Search the same anew, also what was refused before."""
        self._wanted = self._last
        super().action_now()

    @on(FindLine.Asked)
    def _find(self, event: FindLine.Asked) -> None:
        self.give_up()
        self._wanted = self._last = event.wanted
        self.ask()

    @on(FindLine.Left)
    def _return(self) -> None:
        self.take_focus()

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            self._open_patient(event.row.id)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _open_patient(self, patient: UUID) -> None:
        from console.panes.patients.patient_screen import PatientScreen
        from console.ui.detail import open_page

        try:
            shown = await self._people.shown(patient)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error", timeout=15)
            return
        open_page(self, PatientScreen(shown, self._people))
