"""The keys of the jobs pane."""

from console.ui.commands import Command, CommandTable

_GROUP = "Jobs"

JOBS: CommandTable = (
    Command(id="jobs.run", keys="R", title="run now", action="change('run')", footer=True, group=_GROUP, dangerous=True,
            row=True, help="the job under the cursor; by the scheduler if that lives, else from here"),
    Command(id="jobs.pause", keys="P", title="pause job", action="pause_job", footer=True, group=_GROUP, row=True,
            dangerous=True, help="pause the job under the cursor, or resume it if it is paused"),
    Command(id="jobs.interval", keys="I", title="interval", action="change('interval')", group=_GROUP, dangerous=True,
            row=True, help="how often the job is started"),
    Command(id="jobs.config", keys="J", title="config", action="change('config')", group=_GROUP, dangerous=True,
            row=True, help="what the job is told, as JSON"),
    Command(id="jobs.stop", keys="C", title="stop the run", action="stop_run", footer=True, group=_GROUP,
            help="end the run that was started from here"),
)  # fmt: skip
"""What works on a job."""
