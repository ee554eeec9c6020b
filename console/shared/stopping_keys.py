"""The keys with which a pane stops sessions; by themselves, because what they do is seldom needed."""

from console.ui.commands import Command, CommandTable

STOPPING: CommandTable = (
    Command(id="session.cancel", keys="C", title="cancel", action="stop('cancel')", footer=True, group="Sessions",
            row=True, dangerous=True, help="the statement of the session, or of the marked ones; asks first"),
    Command(id="session.terminate", keys="K", title="terminate", action="stop('terminate')", footer=True,
            group="Sessions", row=True, dangerous=True, help="the session, or the marked ones; asks first"),
)  # fmt: skip
"""What a pane that shows sessions offers, whose `action_stop` calls console.shared.stopping.stop in a worker."""
