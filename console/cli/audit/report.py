"""`emr-console audit report`: who looked at this patient, what was disclosed of him, what a user did, for print."""

import argparse
from datetime import date
from typing import TYPE_CHECKING

from console.cli.audit.export import add_options, write
from console.cli.values import day
from console.errors import UsageError

if TYPE_CHECKING:
    from console.services.audit.export.models import Format

KINDS = {
    "access": "who did what to a patient's data, when and from where",
    "disclosures": "what was exported of a patient in six years",
    "user": "what a user did in 30 days",
    "review": "the findings of a review, what was decided, and who signed it off",
}
"""The reports."""

FORMATS: tuple["Format", ...] = ("html", "csv")
"""How one can be written."""


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    told = "; ".join(f"{kind}: {what}" for kind, what in KINDS.items())
    action = actions.add_parser("report", help="a report with a title, for print or as CSV")
    action.add_argument("kind", choices=KINDS, help=told)
    action.add_argument("--patient", metavar="P", help="a record number, an id in an EMR, or the uuid")
    action.add_argument("--user", metavar="U", help="a username, or the uuid")
    action.add_argument(
        "--since",
        metavar="SPAN",
        help="another span than the usual one, such as 90d, 1y or all; of a review its first day",
    )
    action.add_argument("--until", metavar="DAY", type=day, help="of a review: the day after its last")
    action.add_argument("--format", choices=FORMATS, help="as the name of the file says; html is for print")
    add_options(action)
    action.set_defaults(handler=report)


async def report(args: argparse.Namespace) -> int:
    """Write it as an export is written, with its manifest."""
    from console.services.audit.export.models import Wanted
    from console.services.audit.export.naming import chosen as format_of
    from console.services.audit.export.reports import REPORTS, of_review

    format_ = format_of(args.output, args.format, FORMATS)
    if args.kind == "review":
        if args.patient or args.user or args.unmasked:
            raise UsageError("The review report takes days, and names no patient.", state="Nothing was exported.")
        return await write(args, of_review(_day(args.since), args.until, format_, args.output, args.reason))
    if args.until:
        raise UsageError("--until belongs to the review report.", state="Nothing was exported.")
    chosen = REPORTS[args.kind]
    value = args.patient if chosen.about == "patient" else args.user
    if not value or (args.patient and args.user):
        raise UsageError(f"The {args.kind} report takes --{chosen.about}, and nobody else.")
    search = chosen.search(value, args.since)
    masked = not args.unmasked
    said = (chosen.title, chosen.remark, chosen.layout)
    return await write(args, Wanted(search, format_, args.output, args.reason, masked, *said, of_person=True))


def _day(said: str | None) -> date | None:
    try:
        return day(said) if said else None
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"A review begins with a day: {error}", state="Nothing was exported.") from None
