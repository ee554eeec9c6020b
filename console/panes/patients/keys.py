"""The commands of the patients pane, and of one patient."""

from console.ui.commands import Command, CommandTable

_GROUP = "Patients"

PANE: CommandTable = (
    Command(id="patients.find", keys="slash", title="find", action="find", footer=True, asks=True, group=_GROUP,
            help="a record number, an id in an EMR, born:1980-02-03, or how a name begins"),
)  # fmt: skip
"""What works in the pane."""

TYPING: CommandTable = (
    Command(id="patients.ask", keys="enter", title="find", action="submit", footer=True, group=_GROUP,
            help="every search is written down in the audit log"),
    Command(id="patients.leave", keys="escape", title="back", action="leave", footer=True, group=_GROUP,
            help="back to the rows"),
)  # fmt: skip
"""What works where a patient is searched."""

PATIENT: CommandTable = (
    Command(id="patient.accesses", keys="a", title="who looked", action="search_accesses", footer=True, group=_GROUP,
            help="everything that the audit log has about this patient, in the audit pane"),
    Command(id="patient.view_as", keys="u", title="view as user", action="view_as", footer=True, group=_GROUP,
            help="what row security leaves to somebody, and whether this patient is among it"),
)  # fmt: skip
"""What works on the page of a patient."""
