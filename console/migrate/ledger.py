"""The engine's own tables, schema emr_console: made by the first `up`, written in the migrations' transactions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import console
from console.db.operator import Operator
from console.db.query import Query
from console.db.session import Session
from console.errors import Unsupported
from console.migrate.files import Migration
from console.migrate.flavour import Chosen
from console.migrate.models import Meta, Presence, Stored
from console.migrate.reports import Failure
from console.migrate.step import Down, Step, Up

BOOTSTRAPS = (Query(__package__, "bootstrap_001"),)
"""What makes the ledger and, one after the other, brings it up to date."""

NEWEST = len(BOOTSTRAPS)
"""The version of the ledger that this console writes."""

_META = Query(__package__, "meta")
_SET_VERSION = Query(__package__, "set_ledger_version")
_SET_FLAVOUR = Query(__package__, "set_flavour")
_STORED = Query(__package__, "stored")
_APPLIED = Query(__package__, "record_applied")
_FAILED = Query(__package__, "record_failed")
_ROLLED_BACK = Query(__package__, "record_rolled_back")
_ROLLBACK_FAILED = Query(__package__, "record_rollback_failed")
_PRESENCE = Query(__package__, "presence")


async def bootstrap(session: Session) -> None:
    """Bring the ledger's own tables up to NEWEST; the engine's lock must be held, or two first starts collide."""
    presence = await session.fetch_one(_PRESENCE, Presence)
    version = (await session.fetch_one(_META, Meta)).version if presence.ledger else 0
    if version > NEWEST:
        raise Unsupported(
            f"The ledger of this database is of version {version}; this console writes version {NEWEST}.",
            state="Nothing was changed.",
            hint="Update emr-console; reading with this one still works.",
        )
    for number, query in enumerate(BOOTSTRAPS[version:], version + 1):
        async with session.transaction():
            await session.execute(query.text())
            await session.run(_SET_VERSION, version=number)


async def keep_flavour(session: Session, flavour: Chosen) -> None:
    """Remember which flavour this database gets."""
    await session.run(_SET_FLAVOUR, flavour=flavour)


async def stored_texts(session: Session, versions: Sequence[str]) -> dict[str, Stored]:
    """The texts that were applied, by version."""
    rows = await session.fetch(_STORED, Stored, versions=list(versions))
    return {row.version: row for row in rows}


async def record_done(session: Session, step: Step, run: UUID, operator: Operator, batch: int | None) -> None:
    """Write that a step is done, in the step's transaction: it is done exactly if this is committed."""
    if isinstance(step, Down):
        await session.run(
            _ROLLED_BACK, run=run, version=step.version, operator=str(operator), down_text=step.script.text
        )
        return
    state = "applied" if step.verify else "applied_unverified"
    await session.run(_APPLIED, run=run, state=state, batch=batch, **_texts(step.migration), **_who(operator))


async def record_failure(session: Session, step: Step, run: UUID, operator: Operator, failure: Failure) -> None:
    """Write why a step failed, in a transaction of its own; what it did is rolled back already."""
    error = json.dumps(
        {"sqlstate": failure.sqlstate, "message": failure.message, "file": failure.file, "line": failure.line}
        | {"statement": failure.statement}
    )
    if isinstance(step, Up):
        await session.run(_FAILED, run=run, error=error, **_texts(step.migration), **_who(operator))
    else:
        await session.run(_ROLLBACK_FAILED, run=run, version=step.version, operator=str(operator), error=error)


def _who(operator: Operator) -> Mapping[str, Any]:
    return {"operator": operator.user, "host": operator.host, "tool_version": console.__version__}


def _texts(migration: Migration) -> Mapping[str, Any]:
    up, down, verify = migration.up, migration.down, migration.verify
    return {
        "version": migration.version,
        "name": migration.name,
        "flavour": migration.flavour,
        "statements": len(up.statements),
        "up_sha256": up.sha256,
        "up_tokens_sha256": up.tokens_sha256,
        "up_text": up.text,
        "down_sha256": down.sha256 if down else None,
        "down_tokens_sha256": down.tokens_sha256 if down else None,
        "down_text": down.text if down else None,
        "verify_sha256": verify.sha256 if verify else None,
        "verify_text": verify.text if verify else None,
    }
