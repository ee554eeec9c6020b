"""Every error that a person may see: what happened, what state things are in, what to do next.

    ConsoleError                    one sentence, a state, a hint, an exit code
    ├── UsageError              2   the command, the configuration or a migration file is wrong
    ├── ConnectionFailed        3   no session could be opened; trying again may help
    │   ├── SignInRefused       3   the server asked for a password and then said no
    │   └── ConnectionLost     40   a session broke while it was in use
    ├── Unsupported            15   the server is too old or lacks an extension
    ├── Refused                16   a guard says no
    ├── StatementFailed        20   the server refused a statement; nothing changed
    │   ├── TimedOut           31   a statement was cancelled, by a timeout or by somebody
    │   ├── LockTimeout        30   a lock was not to be had in time
    │   ├── OutOfSpace         41   disk, memory or lock table is full
    │   ├── ReadOnlyServer     42   a standby, or a read-only session
    │   └── NoPrivilege        43   the role may not
    ├── Interrupted           130   the person stopped it
    └── Defect                 20   a mistake of this program

What only the migration engine can say (exit 10-14, 21, 22) is raised as ConsoleError with that exit code.
"""

from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """The exit codes, which scripts rely on."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    CONNECTION = 3
    LOCKED = 10
    FILE_CHANGED = 11
    FILE_MISSING = 12
    OUT_OF_ORDER = 13
    PLAN_OUTDATED = 14
    UNSUPPORTED = 15
    REFUSED = 16
    FAILED = 20
    PARTIAL = 21
    VERIFY_FAILED = 22
    LOCK_BUDGET = 30
    TIMED_OUT = 31
    CONNECTION_LOST = 40
    OUT_OF_SPACE = 41
    READ_ONLY = 42
    NO_PRIVILEGE = 43
    BACKUP_FAILED = 50
    INTERRUPTED = 130


class ConsoleError(Exception):
    """Something a person should read: `message` says what happened, `state` where things stand, `hint` what to do."""

    exit: Exit = Exit.FAILED

    def __init__(
        self,
        message: str,
        *,
        state: str = "",
        hint: str = "",
        exit: Exit | None = None,  # noqa: A002 - the process's exit code has no better name
        sqlstate: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.state = state
        self.hint = hint
        self.sqlstate = sqlstate
        """The server's code where the server spoke, else None."""
        if exit is not None:
            self.exit = exit

    def sentence(self) -> str:
        """Message, state and hint as one line of text.

        >>> ConsoleError("No server answered.", state="Nothing was changed.", hint="Start it.").sentence()
        'No server answered. Nothing was changed. Start it.'
        """
        return " ".join(part for part in (self.message, self.state, self.hint) if part)


class UsageError(ConsoleError):
    """The command line, the configuration or a migration file cannot be used as it is."""

    exit = Exit.USAGE


class ConnectionFailed(ConsoleError):
    """No session could be opened; trying again may help."""

    exit = Exit.CONNECTION


class SignInRefused(ConnectionFailed):
    """The server asked for a password and then said no; asking again and again may lock the account."""


class ConnectionLost(ConnectionFailed):
    """A session broke while it was in use; what it was doing is unknown until it is looked up."""

    exit = Exit.CONNECTION_LOST


class Unsupported(ConsoleError):
    """The server cannot do this: too old, or an extension is absent."""

    exit = Exit.UNSUPPORTED


class Refused(ConsoleError):
    """A guard says no: production, a retention floor, a second demo, a database that is not empty."""

    exit = Exit.REFUSED


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the server said of a failed statement, without what could be a patient's data: DETAIL is never kept."""

    sqlstate: str
    """Five characters."""
    condition: str
    """PostgreSQL's name for the code, such as unique_violation."""
    message: str
    """The primary message, or a sentence of ours where the message may hold values."""
    position: int | None = None
    """The character of the statement, from 1, where the server points; None when it does not."""
    schema: str | None = None
    """The schema of the table concerned."""
    table: str | None = None
    """The table concerned."""
    column: str | None = None
    """The column concerned."""
    constraint: str | None = None
    """The constraint concerned."""


class StatementFailed(ConsoleError):
    """The server refused a statement; its transaction left nothing behind."""

    exit = Exit.FAILED
    diagnosis: Diagnosis | None = None
    """What the server said; None when it said nothing."""


class TimedOut(StatementFailed):
    """The server ended a statement early, because of a timeout or because somebody cancelled it."""

    exit = Exit.TIMED_OUT


class LockTimeout(StatementFailed):
    """A lock was not to be had within lock_timeout, or waiting for it would never have ended."""

    exit = Exit.LOCK_BUDGET


class OutOfSpace(StatementFailed):
    """The server has no disk, memory or lock table left for this."""

    exit = Exit.OUT_OF_SPACE


class ReadOnlyServer(StatementFailed):
    """The server or the session takes no writes."""

    exit = Exit.READ_ONLY


class NoPrivilege(StatementFailed):
    """The role may not do this."""

    exit = Exit.NO_PRIVILEGE


class Interrupted(ConsoleError):
    """The person stopped it."""

    exit = Exit.INTERRUPTED


class Defect(ConsoleError):
    """A mistake of this program: told by its kind and place, never by its text, which could hold a patient's data."""

    @classmethod
    def of(cls, error: BaseException) -> "Defect":
        """What a person reads instead of a traceback.

        >>> Defect.of(KeyError("John Doe")).message
        'Something unexpected happened inside emr-console (KeyError).'
        """
        import traceback  # only ever needed here

        frames = traceback.extract_tb(error.__traceback__)
        place = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
        return cls(
            f"Something unexpected happened inside emr-console ({type(error).__name__}{place}).",
            state="It stopped there; what the server had confirmed before stays.",
            hint="Please report this line.",
        )
