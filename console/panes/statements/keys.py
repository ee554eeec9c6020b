"""The keys of the statements pane and of the page of a statement."""

from console.ui.commands import Command, CommandTable

_GROUP = "Statements"

PANE: CommandTable = (
    Command(id="statements.view", keys="v", title="now or all", action="turn_view", footer=True, group=_GROUP,
            asks=True,
            help="what is hot in this interval, or what statements have cost since the last reset"),
    Command(id="statements.plan", keys="x", title="plan", action="explain", footer=True, group=_GROUP, row=True,
            asks=True,
            help="of the statement, for any values; nothing is run"),
    Command(id="statements.reset", keys="R", title="reset", action="reset", footer=True, group=_GROUP,
            dangerous=True, help="begin all counters of the server anew; asks first"),
)  # fmt: skip
"""What works in the pane."""

PAGE: CommandTable = (
    Command(id="statement.plan", keys="x", title="plan", action="plan", footer=True, group=_GROUP, asks=True,
            help="of the statement, for any values; nothing is run"),
)  # fmt: skip
"""What works on the page of a statement."""
