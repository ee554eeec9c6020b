"""`emr-console session`: cancel what one session runs, or end the session; the right one, or none."""

import argparse
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.target import chosen
from console.cli.values import moment
from console.errors import Exit, Interrupted, Refused, UsageError
from console.iso import to_microsecond

if TYPE_CHECKING:
    from console.db.database import Database
    from console.services.signalling.models import Subject
    from console.services.signalling.service import Signalled

NOTHING = "Nothing was signalled."
"""The state after every no."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("session", help="cancel what one session runs, or end the session")
    actions = command.add_subparsers(metavar="ACTION", required=True, parser_class=type(command))
    for verb, told in (("cancel", "cancel its statement"), ("terminate", "end the session")):
        action = actions.add_parser(verb, help=told)
        action.add_argument("pid", type=process, metavar="PID", help="as emr-console sessions tells it")
        action.add_argument("--started", type=moment, metavar="TIME", help="its backend_start, as in sessions --json")
        action.add_argument("--yes", action="store_true", help="do not ask; needs --started")
        action.add_argument("--reason", metavar="TEXT", type=confirm.reason, help="why, for the record")
        action.add_argument("--json", action="store_true", help="one JSON object")
        action.set_defaults(handler=session, verb=verb, confirm=None)


def process(text: str) -> int:
    """The number of a server process.

    >>> process("4711")
    4711
    """
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**31):
        raise argparse.ArgumentTypeError(f"{text!r} is not a process number")
    return int(text)


async def session(args: argparse.Namespace) -> int:
    """Signal one session after a yes; 31 where it goes on in spite of that."""
    from asyncio import CancelledError

    from console.db.database import Database
    from console.services.signalling import words
    from console.services.signalling.service import signal

    _refuse_unsure(args)
    async with Database(chosen(args)) as db:
        subject = await _found(db, args)
        if trouble := words.unfit(args.verb, subject):
            raise Refused(trouble, state=NOTHING, hint=_instead(subject))
        reason = await _agreed(args, db, subject)
        try:
            async with db.act() as act:
                done = await signal(act, args.verb, subject, reason)
        except CancelledError:
            raise Interrupted(
                "Interrupted.", state="The signal may have been sent.", hint="See emr-console sessions."
            ) from None
    _report(args, subject, done)
    return Exit.OK if done.gone else Exit.TIMED_OUT


def _refuse_unsure(args: argparse.Namespace) -> None:
    """A pid that nobody looks at may by now be another session's."""
    if args.started is None and (args.yes or not confirm.asks()):
        raise UsageError(
            f"A process number alone may by now be another session's, so {args.pid} has to be looked at first.",
            state=NOTHING,
            hint="Add --started TIME, its backend_start in sessions --json; or use a terminal, without --yes.",
        )


async def _found(db: "Database", args: argparse.Namespace) -> "Subject":
    """The session that has the number now, if it is the one that is meant."""
    from console.panes.sessions import service

    shown = (await service.snapshot(db)).sessions
    subject = next((service.subject(each) for each in shown if each.backend.pid == args.pid), None)
    if subject is None:
        raise Refused(
            f"There is no session {args.pid} on this server.", state=NOTHING, hint="See emr-console sessions."
        )
    if args.started is not None and subject.backend_start not in (args.started, None):
        since = f"{to_microsecond(subject.backend_start)} UTC"
        raise Refused(
            f"Session {args.pid} is another one: it has been connected since {since}.",
            state=NOTHING,
            hint="The one that was meant is already gone. See emr-console sessions.",
        )
    return subject


async def _agreed(args: argparse.Namespace, db: "Database", subject: "Subject") -> str:
    """The reason, once a person has seen whom it hits and what follows; the server's own processes take a name."""
    from console.services.signalling import words

    for label, value in words.facts([subject]):
        output.say(args, f"{label:<15} {value}")
    place = db.target.describe()
    what = f"{place}: {words.whom(args.verb, [subject])}. {words.consequence(args.verb, [subject])}"
    word = words.typed([subject], db.target.dbname)
    if word:
        return await confirm.destruction(args, what, word=word, database=db.target.dbname, grave=False)
    return await confirm.recorded(args, what)


def _report(args: argparse.Namespace, subject: "Subject", done: "Signalled") -> None:
    from console.services.signalling import words

    if args.json:
        output.data(
            {
                "action": args.verb,
                "pid": subject.pid,
                "backend_start": subject.backend_start,
                "gone": done.gone,
                "seconds": round(done.seconds, 3),
                "recorded": done.kept.place,
            }
        )
    else:
        output.text(f"{words.named(subject)}: {words.outcome(args.verb, gone=done.gone)}.")
    if done.kept.why:
        output.say(args, done.kept.sentence)
    if not done.gone and args.verb == "cancel":
        output.say(args, _instead(subject))


def _instead(subject: "Subject") -> str:
    """What ends more than a statement."""
    return f"emr-console session terminate {subject.pid} ends the session itself."
