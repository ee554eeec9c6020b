"""The keys of the sessions pane and of its own screens."""

from console.shared.stopping_keys import STOPPING
from console.ui.commands import Command, CommandTable

_GROUP = "Sessions"

PANE: CommandTable = (
    *STOPPING,
    Command(id="sessions.plan", keys="x", title="plan", action="plan", group=_GROUP, asks=True, row=True,
            help="of the statement, by EXPLAIN; nothing is executed"),
    Command(id="sessions.applications", keys="a", title="applications", action="applications",
            group=_GROUP, help="how many connections each has, against what its pool should have, and what it leaks"),
)  # fmt: skip
"""What works in the pane."""

DETAIL: CommandTable = (
    Command(id="session.plan", keys="x", title="plan", action="plan", footer=True, group=_GROUP, asks=True,
            help="of the statement, by EXPLAIN; nothing is executed"),
)  # fmt: skip
"""What works on the page of a session."""
