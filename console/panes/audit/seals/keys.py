"""The commands of the seals tab."""

from console.ui.commands import Command, CommandTable

_GROUP = "Seals"

PANE: CommandTable = (
    Command(id="seals.verify", keys="V", title="verify", action="verify", footer=True, asks=True, group=_GROUP,
            help="hash every sealed day again; rows that were changed, removed or put in are named with their day"),
    Command(id="seals.seal", keys="L", title="seal", action="seal", footer=True, asks=True, group=_GROUP,
            help="seal every day that is over for 48 hours and has no seal; asks first"),
    Command(id="seals.stop", keys="escape", title="stop", action="stop", footer=True, group=_GROUP,
            help="verifying, sealing; also on the server"),
)  # fmt: skip
"""What the tab offers."""
