"""Verify files: every row is one thing that must hold, with the columns name, ok, and best expected, found."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.errors import NoPrivilege, StatementFailed, UsageError
from console.migrate import ledger
from console.migrate.classify import classify, drift
from console.migrate.files import Folder, Migration, Script
from console.migrate.flavour import Chosen
from console.migrate.kept import kept_script
from console.migrate.models import APPLIED, Recorded, Stored
from console.migrate.reports import Check
from console.migrate.server_models import Unreadable
from console.migrate.standing import Standing, read_standing
from console.sql.lexer import Statement

_UNREADABLE = Query(__package__, "unreadable")
_OPTIONAL = ("expected", "found", "remedy")


async def checks(session: Session, version: str, script: Script) -> list[Check]:
    """Ask everything that a verify file asks; an unknown answer counts as no."""
    found: list[Check] = []
    for statement in script.statements:
        found += await _answers(session, script, statement)
    return _numbered(version, script, found)


async def _answers(session: Session, script: Script, statement: Statement) -> list[Check]:
    columns, rows = await session.rows(statement.text)
    _require_columns(script, statement, columns)
    return [_check(dict(zip(columns, row, strict=True))) for row in rows]


def _numbered(version: str, script: Script, found: Sequence[Check]) -> list[Check]:
    if not found:
        raise _unusable(script, script.statements[0], "it answers no row, so it proves nothing")
    return [replace(check, id=f"{version}.{number}") for number, check in enumerate(found, 1)]


async def verify_applied(
    session: Session, folder: Folder, *, flavour: Chosen | None = None, role: str | None = None
) -> list[Check]:
    """Every check of every applied migration, by its file, or by the ledger's text where the file is gone.

    `role` is the one that migrations run under. What only knex says to be applied is one thing that does not hold.
    """
    standing = await read_standing(session, folder, flavour, role=role)
    if standing.books.unreadable is not None:
        raise standing.books.unreadable
    foreign = _not_adopted(standing)
    files = {int(migration.version): migration for migration in standing.migrations}
    applied = [row for row in standing.books.recorded if row.state in APPLIED]
    if not applied and foreign:
        return foreign
    if not applied:
        return [Check("0", "a migration is applied", ok=False, expected="at least one", found="none")]
    stored = await ledger.stored_texts(session, [row.version for row in applied])
    found: list[Check] = foreign
    for row in applied:
        script = _script(row, files.get(int(row.version)), stored[row.version])
        found += await _asked(session, row.version, script) if script else []
    return found


def _not_adopted(standing: Standing) -> list[Check]:
    """What knex's table has and the ledger has not, as a check that does not hold."""
    recorded = standing.books.by_version
    foreign = [row.label for row in classify(standing) if row.state == "unknown" and int(row.version) not in recorded]
    if not foreign:
        return []
    return [
        Check(
            "0",
            "the ledger knows what knex has applied",
            ok=False,
            expected="all of it",
            found=f"{', '.join(foreign)} in knex_migrations only, to be adopted first",
            remedy="Adopt what knex has applied: without its row in the ledger nothing of it can be checked.",
        )
    ]


def _script(row: Recorded, file: Migration | None, stored: Stored) -> Script | None:
    if file is not None and drift(file, row) != "up":
        return file.verify
    if stored.verify_text is None:
        return None
    return kept_script(f"{row.label}.verify.sql", stored.verify_text, stored.verify_hashes)


async def _asked(session: Session, version: str, script: Script) -> list[Check]:
    """The checks of one migration; a statement that cannot be asked, as its table is gone, hides none of the others."""
    found: list[Check] = []
    for statement in script.statements:
        # A check may not make its session read-write either; where one backend serves all, each is by itself anyway.
        by_itself = nullcontext() if session.single_session else session.transaction(read_only=True)
        try:
            async with by_itself:
                found += await _answers(session, script, statement)
        except StatementFailed as error:
            name = f"what {script.file} asks in line {statement.line}"
            unasked = Check("", name, ok=False, expected="an answer", found=error.message)
            told = await _not_allowed(session, unasked, statement, error) if isinstance(error, NoPrivilege) else unasked
            found.append(told)
    return _numbered(version, script, found)


async def _not_allowed(session: Session, unasked: Check, statement: Statement, error: NoPrivilege) -> Check:
    """The same where it is the role that may not ask, which says nothing of the schema: what has to be granted."""
    from console.migrate.kinds.analyse import analyse  # it reads statements, which takes its time

    role = (await session.server()).user
    reads = {name for action in analyse(statement).actions for name in action.reads}
    hidden = ", ".join(row.name for row in await session.fetch(_UNREADABLE, Unreadable, names=sorted(reads)))
    if not hidden:
        return replace(unasked, found=f"not checked: {role} may not ask it", remedy=error.message)
    grant = f"GRANT SELECT ON {hidden} TO {quote(role)};"
    return replace(unasked, found=f"not checked: {role} has no right to read {hidden}", remedy=grant)


async def checks_inside(session: Session, version: str, script: Script) -> list[Check]:
    """The same in the middle of a transaction that goes on afterwards; meanwhile the server refuses writes."""
    await session.execute("savepoint verify; set local transaction_read_only = on")
    found = await checks(session, version, script)
    await session.execute("rollback to savepoint verify")
    return found


def false_ones(found: Sequence[Check]) -> list[Check]:
    """The checks that do not hold."""
    return [check for check in found if not check.ok]


def _check(row: dict[str, Any]) -> Check:
    """One answer, which has no number yet."""
    extra = {name: None if row.get(name) is None else str(row[name]) for name in _OPTIONAL}
    return Check("", str(row["name"]), row["ok"] is True, **extra)


def _require_columns(script: Script, statement: Statement, columns: Sequence[str]) -> None:
    if not {"name", "ok"} <= set(columns):
        raise _unusable(script, statement, "a verify statement answers rows with the columns name and ok")


def _unusable(script: Script, statement: Statement, why: str) -> UsageError:
    return UsageError(f"{script.file}, line {statement.line}: {why}.", state="Nothing was changed.")
