"""What the actions of `emr-console migrate` share: their options, their folder of files, their database."""

import argparse
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli import confirm
from console.cli.target import chosen

if TYPE_CHECKING:
    from console.db.target import Target
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


def seconds(text: str) -> float:
    """A span that ends, as it is typed.

    >>> seconds("1.5")
    1.5
    """
    span = float(text)
    if not 0 <= span < 1e9:
        raise ValueError(text)
    return span


def directory(text: str) -> Path:
    """A folder, as it is typed; nothing typed is none."""
    if not text.strip():
        raise ValueError(text)
    return Path(text)


def folder_of(args: argparse.Namespace) -> "Folder":
    """The migrations that are meant."""
    from console.migrate.files import default_folder, read_folder

    return read_folder(args.migrations or default_folder())


def target_of(args: argparse.Namespace) -> "tuple[Target, str | None]":
    """Which database, and the role that its profile wants migrations to run under."""
    from console.config.choose import here

    around = here()
    target = chosen(args, around)
    return target, around.config.settings.migrate_role(target.profile)
