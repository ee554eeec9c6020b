"""A console with a mistake in it, which a key brings to light; run as a program."""

import sys

from console.app import ConsoleApp
from console.db.database import Database
from console.db.target import Target
from console.ui.header import Identity

PATIENT = "John Doe, TEST-4711"


class BrokenConsole(ConsoleApp):
    """Breaks when the help is asked for, with a patient's name in its hands."""

    PANES = ()

    async def action_help(self) -> None:
        name = PATIENT
        raise KeyError(name)


if __name__ == "__main__":
    app = BrokenConsole(Database(Target({"host": "/nonexistent"}, "a test")), Identity())
    app.run()
    sys.exit(app.return_code)
