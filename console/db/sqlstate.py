"""The driver's errors become ours, once, here: by SQLSTATE, because servers speak many languages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors as driver
from pydantic import ValidationError

from console.errors import (
    ConnectionFailed,
    ConnectionLost,
    ConsoleError,
    Diagnosis,
    LockTimeout,
    NoPrivilege,
    OutOfSpace,
    ReadOnlyServer,
    SignInRefused,
    StatementFailed,
    TimedOut,
)

HARMLESS_CLASSES = frozenset(
    {"0A", "24", "25", "26", "2B", "34", "3B", "3D", "3F", "40", "42", "53", "54", "55", "57", "EM", "TS"}
)
"""SQLSTATE classes whose message names objects, settings or tokens of the statement, never a stored value.

EM is what our own migrations raise, TS what TimescaleDB does. Everything else (22 a value, 23 a key, P0 a function's
own words, XX and unknown ones) may quote a row, so that only PostgreSQL's name for the condition is shown.
"""

_QUOTED = re.compile(r"([\"«„“])(.*?)([\"»“”])")
_NAME = re.compile(r"\s?[\w.$()]{0,130}\s?")

_TRIED = re.compile(r"connection to server (?P<place>(?:on|at) .+?) failed: (?P<why>.+)")
_EACH_ADDRESS = "\nMultiple connection attempts failed."
_ASIDE = ("\t", "DETAIL:", "HINT:", "password retrieved from file")
_LOST = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03", "25P04"})
"""The server ended the session: shutdown, crash, starting up, idle timeouts, transaction_timeout."""

_DEPENDED_ON = "2BP01"
"""Something cannot go because something else depends on it; the server advises to drop that, too."""

_BY_CODE: dict[str, type[StatementFailed]] = {
    "57014": TimedOut,
    "55P03": LockTimeout,
    "40P01": LockTimeout,
    "25006": ReadOnlyServer,
    "42501": NoPrivilege,
    "EM003": OutOfSpace,  # what audit_assert_lock_room says before the server would
}

_HINTS: dict[type[StatementFailed], str] = {
    TimedOut: "Try again when the server is less busy, or ask for less.",
    LockTimeout: "See who holds the lock (emr-console sessions), then try again.",
    OutOfSpace: "Free disk or raise the setting that the message names.",
    ReadOnlyServer: "Connect to the primary; if this is it, somebody has set default_transaction_read_only.",
    NoPrivilege: "Connect as a role that may, or ask for the right.",
}


def diagnose(error: psycopg.Error) -> Diagnosis:
    """What may be shown of a driver's error; `error.sqlstate` must be set."""
    diag, code = error.diag, error.sqlstate or "XX000"
    named = _named(code, diag)
    condition = type(error).__name__ if type(error).__module__.startswith("psycopg") else "unknown"
    return Diagnosis(
        sqlstate=code,
        condition=condition,
        message=_primary(code, condition, diag),
        position=int(diag.statement_position) if diag.statement_position else None,
        schema=diag.schema_name if named else None,
        table=diag.table_name if named else None,
        column=diag.column_name if named else None,
        constraint=diag.constraint_name if named else None,
    )


_RAISED = "exec_stmt_raise"
"""The server's C function of PL/pgSQL's RAISE, which it names in every error."""


def _named(code: str, diag: driver.Diagnostic) -> bool:
    """Whether names and words are the server's own, or those of our migrations."""
    return diag.source_function != _RAISED or code[:2] == "EM"


def _advice(code: str, diag: driver.Diagnostic) -> str:
    """The server's hint where its words are harmless, such as which setting to raise, and following it is, too."""
    if code == _DEPENDED_ON:
        return "Let the owners of what depends on it change or drop that first; CASCADE would drop it unseen."
    harmless = code[:2] in HARMLESS_CLASSES and _named(code, diag)
    return _names_only(diag.message_hint or "") if harmless else ""


def _names_only(message: str) -> str:
    r"""A message in which what stands in quotes stays only if it can be a name: else it may be a literal.

    >>> _names_only('relation "emr.tasks" does not exist at or near "\'Doe\'"')
    'relation "emr.tasks" does not exist at or near "?"'
    """
    return _QUOTED.sub(lambda found: found[0] if _NAME.fullmatch(found[2]) else f"{found[1]}?{found[3]}", message)


def _primary(code: str, condition: str, diag: driver.Diagnostic) -> str:
    """The server's sentence where it is harmless, else ours with the objects concerned.

    A function that raises by itself may put any value anywhere, under any code; only our own class is believed.
    """
    if not _named(code, diag):
        return (
            f"{condition}; a function raised it in its own words, which may hold data and are in the server's log only"
        )
    if code == _DEPENDED_ON and diag.message_primary and diag.message_detail:
        first, *others = diag.message_detail.splitlines()  # names alone, and at most a hundred of them
        more = f"; and {len(others)} more" if others else ""
        return f"{_names_only(diag.message_primary)}: {_names_only(first.rstrip('.'))}{more}"
    if code[:2] in HARMLESS_CLASSES and diag.message_primary:
        return diag.message_primary if code[:2] in ("53", "EM") else _names_only(diag.message_primary)
    concerned = [
        f"{kind} {name}"
        for kind, name in (
            ("constraint", diag.constraint_name),
            ("table", diag.table_name),
            ("column", diag.column_name),
        )
        if name
    ]
    where = f" ({', '.join(concerned)})" if concerned else ""
    return f"{condition}{where}; the server's own words may hold data and are in its log only"


def recorded(code: str, message: str) -> str:
    """What may be shown of an error that the server has written down, detail included, as it does of a failed job.

    Which function raised it is not kept there, so that the class alone decides.

    >>> recorded("24000", 'cannot drop portal "" while it is being set up')
    'cannot drop portal "" while it is being set up'
    >>> recorded("23505", "duplicate key value Key (mrn)=(4711) already exists.")
    "UniqueViolation; the server's own words may hold data and are in its log only"
    """
    if code[:2] in HARMLESS_CLASSES:
        return _names_only(message)
    try:
        condition = driver.lookup(code).__name__
    except KeyError:
        condition = "unknown"
    return f"{condition}; the server's own words may hold data and are in its log only"


def translate(error: psycopg.Error) -> ConsoleError:
    """Our error for one of the driver's, from a session that had been open."""
    code = error.sqlstate
    if code is None:
        return _without_code(error)
    if code in _LOST or code.startswith("08"):
        return ConnectionLost(
            f"The server ended this session ({code}).",
            state="What was running then has been rolled back, or its outcome has to be looked up.",
            hint="Try again: a new one is made then.",
            sqlstate=code,
        )
    diagnosis = diagnose(error)
    kind = OutOfSpace if code.startswith("53") else _BY_CODE.get(code, StatementFailed)
    ours = kind(
        f"The server refused the statement ({code}): {diagnosis.message.rstrip('.')}.",
        hint=_advice(code, error.diag) or _HINTS.get(kind, ""),
        sqlstate=code,
    )
    ours.diagnosis = diagnosis
    return ours


def _without_code(error: psycopg.Error) -> ConsoleError:
    """Errors that the driver or libpq found without the server: a broken line, a value that does not fit."""
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return ConnectionLost(
            "The connection to the server broke.",
            state="What was running then has been rolled back, or its outcome has to be looked up.",
            hint="Try again: a new one is made then.",
        )
    return StatementFailed(f"The driver could not handle the answer ({type(error).__name__}).")


@contextmanager
def translated() -> Iterator[None]:
    """Raise ours instead of the driver's, with the driver's as its cause."""
    try:
        yield
    except psycopg.Error as error:
        raise translate(error) from error
    except ValidationError as error:
        raise misfit(error) from None


def misfit(error: ValidationError) -> ConsoleError:
    """A row that does not fit its model: names the columns, never the values."""
    columns = ", ".join(sorted({str(part["loc"][0]) for part in error.errors(include_input=False) if part["loc"]}))
    return ConsoleError(
        f"The server's answer does not fit {error.title} (column {columns}).",
        hint="This server's version may be newer than this console; please report it.",
    )


def connect_failed(error: psycopg.Error, where: str) -> ConnectionFailed:
    """Our error for a connection that never came to be; libpq gives no SQLSTATE there, only the server's words.

    The words are of the server or of libpq about the connection (host, role, database, TLS), never about data.
    """
    pgconn = error.pgconn
    needs_password = pgconn is not None and pgconn.needs_password
    kind = SignInRefused if needs_password or (pgconn is not None and pgconn.used_password) else ConnectionFailed
    hint = (
        "No password was given: put it into ~/.pgpass, or set PGPASSWORD."
        if needs_password
        else "Check host, port, database, role and password, and that the server runs and admits this machine."
    )
    return kind(f"Cannot connect to {where}: {_why(str(error))}.", state="Nothing was read or changed.", hint=hint)


def _why(told: str) -> str:
    """What happened at the last address: the reason before the place, which may be long.

    libpq tells it for each time that it has tried, with and without TLS, and what the server adds comes below. In
    another language than English it stays as it is.

    >>> _why('connection to server on socket "/run/.s.PGSQL.5432" failed: FATAL:  not now\\nHINT:  Be patient.')
    'FATAL:  not now (on socket "/run/.s.PGSQL.5432")'
    >>> _why("connection failed: could not translate host name")
    'could not translate host name'
    """
    last = told.partition(_EACH_ADDRESS)[0]
    if tried := [*_TRIED.finditer(last)]:
        return f"{tried[-1]['why'].rstrip('.')} ({tried[-1]['place']})"
    said = [line for line in last.splitlines() if line.strip() and not line.startswith(_ASIDE)] or ["no answer"]
    return said[-1].removeprefix("connection failed: ").removeprefix("connection is bad: ").rstrip(".")
