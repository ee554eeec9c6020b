"""The keys of the migrations pane and of its own screens."""

from console.ui.commands import Command, CommandTable

_GROUP = "Migrations"

PANE: CommandTable = (
    Command(id="migrations.plan", keys="x", title="plan", action="plan", footer=True, group=_GROUP,
            row=True, help="what it would do to apply up to the row, or to roll the row back, and what would be lost"),
    Command(id="migrations.apply", keys="a", title="apply all", action="plan_all", footer=True, group=_GROUP,
            dangerous=True, help="the plan of all that is pending, and from there applying it"),
    Command(id="migrations.roll_back", keys="b", title="roll back last", action="plan_last", footer=True, group=_GROUP,
            dangerous=True, help="the plan of rolling back the one applied last, and from there doing it"),
)  # fmt: skip
"""What works in the pane."""

PLAN: CommandTable = (
    Command(id="plan.go_on", keys="enter", title="go on", action="go_on", footer=True, group=_GROUP, dangerous=True,
            help="to what has to be typed or agreed to; by itself it starts nothing"),
    Command(id="plan.backup", keys="B", title="backup first", action="backup", footer=True, group=_GROUP,
            dangerous=True, help="an emergency rollback: a proved backup, then all of it in one transaction; or not"),
    Command(id="plan.rehearse", keys="R", title="rehearse", action="rehearse", footer=True, group=_GROUP,
            dangerous=True, help="try it on a scratch database, which is made for it on this server and dropped again"),
    Command(id="plan.again", keys="r", title="again", action="again", footer=True, group=_GROUP,
            help="read files and database anew"),
    Command(id="plan.close", keys="escape,q", title="back", action="close", footer=True, group=_GROUP,
            help="to the pane; counting that goes on is stopped on the server"),
)  # fmt: skip
"""What works where a plan is read."""

RUN: CommandTable = (
    Command(id="run.stop", keys="C", title="stop", action="stop", footer=True, group=_GROUP,
            help="asks first; then the statement at work is cancelled on the server"),
    Command(id="run.interrupt", keys="ctrl+c,ctrl+q", title="stop", action="stop", group=_GROUP),
    Command(id="run.stay", keys="escape,q", title="stay", action="stay", group=_GROUP, help="says how to stop it"),
    Command(id="run.close", keys="escape,q,enter", title="back", action="close", footer=True, group=_GROUP),
)  # fmt: skip
"""What works while migrations run, and after."""

DECIDE: CommandTable = (
    Command(id="resolve.done", keys="D", title="it has run", action="decide('done')", footer=True, group=_GROUP,
            dangerous=True, help="the statement in doubt counts as done, and is never run again"),
    Command(id="resolve.repeat", keys="R", title="run it again", action="decide('repeat')", footer=True, group=_GROUP,
            dangerous=True, help="the statement in doubt runs once more, whether it has run or not"),
    Command(id="resolve.undo", keys="T", title="take back", action="decide('undo')", footer=True, group=_GROUP,
            dangerous=True, help="what is done of the migration is taken back"),
)  # fmt: skip
"""What a person may decide about a migration that stopped half-way."""

SCREENS: CommandTable = (*PLAN, *RUN, *DECIDE)
"""What works on the screens of this pane alone."""
