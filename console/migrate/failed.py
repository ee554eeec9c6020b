"""A step that failed: where, why, and what of it stays."""

from collections.abc import Iterable

from console.errors import ConsoleError, Exit, StatementFailed
from console.migrate.adopt.hint import hint as there_already
from console.migrate.files import Script
from console.migrate.reports import Failure, what_stays
from console.migrate.step import Step, Up
from console.sql.lexer import Statement

NO_LOCK = frozenset({"55P03", "40P01"})
"""The server's codes where a lock was not to be had: not in time, or never (a deadlock)."""

ROLLED_BACK = "Its transaction was rolled back; nothing of it was changed."
"""The state after every failure inside a transaction."""


class StepFailed(ConsoleError):
    """A step failed. `done` of its statements stay, which in one transaction is none."""

    def __init__(
        self,
        error: ConsoleError,
        step: Step,
        script: Script,
        *,
        statement: int | None = None,
        line: int | None = None,
        state: str = ROLLED_BACK,
    ) -> None:
        place = f"{script.file}, line {line}: " if line else f"{script.file}: "
        hint = error.hint or (there_already(error.sqlstate) if isinstance(step, Up) else "")
        super().__init__(place + error.message, state=state, hint=hint, exit=error.exit, sqlstate=error.sqlstate)
        self.failure = Failure(step.version, statement, error.sqlstate, error.message, script.file, line)
        """The same for scripts."""
        self.done = 0
        """How many of its statements stay."""
        self.partial = False
        """Whether anything of it stays."""

    def stays(self, done: int, total: int, leftovers: Iterable[str] = ()) -> "StepFailed":
        """The same failure, where each statement is committed by itself."""
        invalid = ", ".join(leftovers)
        self.done, self.partial = done, bool(done or invalid)
        if self.partial and self.exit == Exit.FAILED:
            self.exit = Exit.PARTIAL
        self.state = what_stays(done, total, invalid)
        self.hint = self.hint or ("Mend what is wrong, then start it again: it goes on there." if self.partial else "")
        return self


def line_of(statement: Statement, error: StatementFailed, before: int) -> int:
    """The line of the file that the server points at, the statement's first where it points nowhere.

    `before` is how many characters were sent before the statement.
    """
    position = error.diagnosis.position if error.diagnosis else None
    return statement.line + statement.text.count("\n", 0, position - 1 - before) if position else statement.line
