"""Options that actions of `emr-console migrate` share, and the folder of migrations that they name."""

import argparse
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli import confirm
from console.cli.values import seconds

if TYPE_CHECKING:
    from console.migrate.files import Folder

Handler = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]
"""What runs an action."""


def add_action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str, handler: Handler
) -> argparse.ArgumentParser:
    """One action with the options that all have."""
    action = actions.add_parser(name, help=what)
    action.add_argument("--json", action="store_true", help="for scripts: one object, or one a line")
    action.add_argument("--migrations", metavar="DIR", type=Path, help="another folder of migrations")
    action.add_argument("--flavour", choices=("timescale", "plain"), help="instead of what the server offers")
    action.set_defaults(handler=handler)
    return action


def add_consent(action: argparse.ArgumentParser) -> None:
    """The options by which somebody without a terminal agrees to a change."""
    action.add_argument("--yes", action="store_true", help="do not ask")
    action.add_argument("--reason", metavar="TEXT", type=confirm.reason, help="why, for the record")
    action.add_argument("--lock-wait", metavar="SECONDS", type=seconds, default=0.0, help="while others migrate")


def add_run(action: argparse.ArgumentParser) -> None:
    """The options of what runs migrations, behind those of consent."""
    add_consent(action)
    action.add_argument("--plan", metavar="SHA256", type=sha256, help="only if migrate plan still says the same")
    action.add_argument("--accept-stall", metavar="SECONDS", type=seconds, help="for how long writers may be kept out")


def sha256(text: str) -> str:
    """A hash as migrate plan prints it."""
    if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        raise ValueError(text)
    return text


def folder_of(args: argparse.Namespace) -> "Folder":
    """The migrations that are meant."""
    from console.migrate.files import default_folder, read_folder

    return read_folder(args.migrations or default_folder())
