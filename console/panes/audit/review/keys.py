"""The commands of the review tab, and of the page of a finding."""

from console.ui.commands import Command, CommandTable

_GROUP = "Review"

PANE: CommandTable = (
    Command(id="review.begin", keys="enter", title="review", action="now", footer=True, asks=True, group=_GROUP,
            help="ask every rule about the window; it is written down in the audit log"),
    Command(id="review.appropriate", keys="a", title="appropriate", action="decide('appropriate')", footer=True,
            asks=True, row=True, group=_GROUP,
            help="decide about the marked findings, or this one; asks why, and keeps it for ever"),
    Command(id="review.inappropriate", keys="i", title="inappropriate", action="decide('inappropriate')", footer=True,
            asks=True, row=True, group=_GROUP, help="decide so; nobody decides about himself"),
    Command(id="review.inform", keys="n", title="needs information", action="decide('needs-information')",
            asks=True, row=True, group=_GROUP, help="somebody has to be asked; it stays in the queue"),
    Command(id="review.sign", keys="O", title="sign off", action="sign_off", footer=True, asks=True, group=_GROUP,
            help="sign the window off, once everything in it is decided"),
    Command(id="review.before", keys="b", title="week before", action="week_before", footer=True, asks=True,
            group=_GROUP),
    Command(id="review.after", keys="f", title="week after", action="week_after", asks=True, group=_GROUP,
            help="the days after, until yesterday"),
    Command(id="review.unsigned", keys="u", title="unsigned", action="unsigned", footer=True, asks=True, group=_GROUP,
            help="the oldest week of the last quarter that nobody has signed off"),
    Command(id="review.decided", keys="A", title="decided too", action="decided", asks=True, group=_GROUP,
            help="show what is decided, too; once more to show the queue only"),
)  # fmt: skip
"""What the tab offers; decisions are only appended, each behind a question."""

FINDING: CommandTable = (
    Command(id="finding.search", keys="s", title="all its events", action="search", footer=True, group=_GROUP,
            help="search the audit log for them"),
)  # fmt: skip
"""What works on the page of a finding."""
