"""A rollback as a script for psql, for the day when the automatic way fails: all of it in one transaction."""

import os
import re
from collections.abc import Iterator, Sequence
from uuid import uuid4

import console
from console.db.identifiers import quote
from console.db.inline import inlined
from console.db.operator import Operator
from console.db.query import Query
from console.errors import Refused
from console.migrate.lock import KEY
from console.migrate.selection import UNCHANGED
from console.migrate.step import Down
from console.migrate.tries import STALL_BUDGET, STATEMENT_TIMEOUT

_GUARD = Query(__package__, "manual_guard")
_START = Query(__package__, "start_run")
_FINISH = Query(__package__, "finish_run")
_LIMITS = Query(__package__, "limits")
_ROLLED_BACK = Query(__package__, "record_rolled_back")
_KNEX = Query(__package__, "knex_remove")

_HEAD = """\
-- Rolls back {labels}, all or nothing, by hand:
--     psql -X -f THIS_FILE
-- It makes no backup and does not ask what would be lost. The ledger is kept true, so that emr-console goes on from it.
\\set ON_ERROR_STOP on
\\o /dev/null
set client_encoding = 'UTF8';
set standard_conforming_strings = on;
set quote_all_identifiers = off;
set row_security = off;
begin isolation level read committed"""


def manual_script(
    steps: Sequence[Down], operator: Operator, *, reason: str, role: str | None = None, knex: bool = False
) -> str:
    """What `down` would run for these steps, with what it would write; `knex` says whether knex's table is there.

    Refused where a file runs outside a transaction.
    """
    apart = [step.script.file for step in steps if not step.script.header.transaction]
    if apart:
        raise Refused(
            f"{', '.join(apart)} says transaction = off, so one transaction cannot hold it.",
            state=UNCHANGED,
            hint="Roll back with migrate down: it keeps a journal of such files.",
        )
    lines = _lines(steps, operator, reason=reason, role=role, knex=knex)
    return "".join(f"{line.rstrip()};\n" for line in lines)


def _lines(steps: Sequence[Down], operator: Operator, *, reason: str, role: str | None, knex: bool) -> Iterator[str]:
    run = uuid4()
    yield _HEAD.format(labels=", ".join(re.sub(r"[^\w.-]", "?", step.label) for step in steps))
    yield _guard(steps)
    yield inlined(
        _START,
        id=run,
        kind="down",
        target="by hand",
        batch=None,
        reason=reason,
        operator=operator.user,
        host=operator.host,
        client_pid=os.getpid(),
        tool_version=console.__version__,
        knex_locked=False,
    )
    for step in steps:
        yield from _step(step, role)
        ledger = {"version": step.version, "operator": str(operator), "down_text": step.script.text}
        yield inlined(_ROLLED_BACK, run=run, **ledger)
        if knex:
            yield inlined(_KNEX, name=f"{step.label}.ts")
    yield inlined(_FINISH, id=run, outcome="done")
    yield "commit"


def _guard(steps: Sequence[Down]) -> str:
    expected = sorted(f"{step.version} {step.recorded.up_sha256}" for step in steps)
    return inlined(_GUARD, **KEY, versions=[step.version for step in steps], expected=expected)


def _step(step: Down, role: str | None) -> Iterator[str]:
    """One file's statements, begun and left as the engine does it."""
    header = step.script.header
    timeout = STATEMENT_TIMEOUT if header.statement_timeout is None else header.statement_timeout
    limits = inlined(_LIMITS, lock_timeout=str(STALL_BUDGET), statement_timeout=str(timeout), local=True)
    yield f"\n-- {step.script.file}\n{limits}"
    if role is not None:
        yield f"set role {quote(role)}"
    if header.precondition is not None:
        yield f"-- divides by zero unless the precondition holds\nselect 1 / ({header.precondition})::integer"
    yield from (statement.text for statement in step.script.statements)
    yield "reset session authorization"
    yield "reset role"
    yield "reset search_path"
