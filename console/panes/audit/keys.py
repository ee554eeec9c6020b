"""The commands of the audit pane, and of a row of it."""

from dataclasses import replace

from console.services.audit.questions import QUESTIONS
from console.ui.commands import Command, CommandTable

_GROUP = "Audit log"
_QUESTIONS = "Twelve questions"

LETTERS = {
    "patient": "P", "account": "A", "session": "O", "request": "Q", "after_hours": "H", "bulk": "B", "exports": "X",
    "break_glass": "K", "denied": "N", "disclosures": "D", "rights": "R", "missing": "M",
}  # fmt: skip
"""A letter of what each question is about."""

ASKED: CommandTable = tuple(
    Command(id=f"audit.{question.name}", keys=LETTERS[question.name], title=question.name.replace("_", " "),
            action=f"inquire('{question.name}')", footer=True, asks=True, group=_QUESTIONS, help=question.title)
    for question in QUESTIONS
)  # fmt: skip
"""One for each question."""

CHOSEN: CommandTable = tuple(replace(command, footer=False) for command in ASKED)
"""The same on the page that lists them, which names their keys."""

PANE: CommandTable = (
    Command(id="audit.search", keys="slash", title="search", action="search", footer=True, asks=True, group=_GROUP,
            help="such as patient:TEST-1 since:2y action:view,export; tab completes"),
    Command(id="audit.stop", keys="escape", title="stop", action="stop", footer=True, group=_GROUP,
            help="looking back, counting; also on the server"),
    Command(id="audit.questions", keys="W", title="questions", action="questions", footer=True, group=_GROUP,
            help="the twelve questions, each with its key"),
    Command(id="audit.go_on", keys="m", title="more", action="go_on", footer=True, asks=True, group=_GROUP,
            help="look further back; going down does so by itself"),
    Command(id="audit.facets", keys="f", title="facets", action="facets", footer=True, asks=True, group=_GROUP,
            help="the most frequent users, actions, entities, systems and hours; enter narrows the search"),
    Command(id="audit.histogram", keys="i", title="histogram", action="histogram", footer=True, asks=True, group=_GROUP,
            help="events over the span of the search, where that was not asked for by itself"),
    Command(id="audit.exact", keys="n", title="count", action="exact", footer=True, asks=True, group=_GROUP,
            help="count all rows of the search"),
    Command(id="audit.export", keys="e", title="export", action="export", footer=True, asks=True, group=_GROUP,
            help="this search as a file with a manifest that proves it: csv, jsonl, FHIR, html; asks why"),
    *ASKED,
)  # fmt: skip
"""What the pane offers."""

EXPORTING: CommandTable = (
    Command(id="export.stop", keys="C,escape,ctrl+c", title="stop", action="stop", footer=True, group=_GROUP,
            help="also on the server; what is written stays, marked as a part"),
    Command(id="export.close", keys="enter,q", title="back", action="close", footer=True, group=_GROUP),
    Command(id="export.leave", keys="escape", title="back", action="close", group=_GROUP),
)  # fmt: skip
"""What works while an export runs, and after."""

TYPING: CommandTable = (
    Command(id="audit.ask", keys="enter", title="search", action="submit", footer=True, group=_GROUP,
            help="every search is written down in the audit log"),
    Command(id="audit.complete", keys="tab", title="complete", action="complete", footer=True, group=_GROUP,
            help="a field, an action, a system, a user"),
    Command(id="audit.leave", keys="escape", title="back", action="leave", footer=True, group=_GROUP,
            help="back to the rows"),
)  # fmt: skip
"""What works where a search is typed."""

ROW: CommandTable = (
    Command(id="event.session", keys="O", title="session", action="near('session')", footer=True, group=_GROUP,
            help="all rows of the same session"),
    Command(id="event.request", keys="Q", title="request", action="near('request')", footer=True, group=_GROUP,
            help="all rows of the same request"),
)  # fmt: skip
"""What works on the page of a row."""
