"""What becomes of a step, written into the ledger: in the step's own transaction when it is done, else by itself."""

import json
from collections.abc import Mapping
from typing import Any

import console
from console.db.query import Query
from console.errors import StatementFailed
from console.migrate.files import Migration
from console.migrate.reports import Failure, State
from console.migrate.run import Run
from console.migrate.step import Down, Step, Up

_APPLIED = Query(__package__, "record_applied")
_ATTEMPT = Query(__package__, "record_attempt")
_ROLLED_BACK = Query(__package__, "record_rolled_back")
_ROLLBACK = Query(__package__, "record_rollback")


async def record_done(run: Run, step: Step, state: State = "applied") -> None:
    """Write that a step is done: it is done exactly if this is committed. `state` is that of an up."""
    if isinstance(step, Down):
        down = {"version": step.version, "operator": str(run.operator), "down_text": step.script.text}
        _require_written(await run.session.run(_ROLLED_BACK, run=run.id, **down))
        return
    state = state if step.verify else "applied_unverified"
    known = {**texts(step.migration), **who(run)}
    _require_written(await run.session.run(_APPLIED, run=run.id, state=state, batch=run.batch, **known))


def _require_written(rows: int) -> None:
    """A trigger or a rule may swallow a row without an error; the step is not done then."""
    if rows != 1:
        raise StatementFailed(
            "The server took the ledger's row without an error, but wrote none.",
            hint="Look at the triggers and rules of emr_console.migration and emr_console.event.",
        )


async def record_begun(run: Run, step: Step, done: int) -> None:
    """Write that a step begins which runs outside a transaction, and how many of its statements are done already."""
    await _record(run, step, "applying" if isinstance(step, Up) else "rolling_back", "begun", done, None)


async def record_failure(run: Run, step: Step, failure: Failure, *, done: int = 0, partial: bool = False) -> None:
    """Write why a step failed; `done` of its statements stay, and `partial` says that anything of it stays."""
    failed = "failed" if isinstance(step, Up) else "rollback_failed"
    partial = partial or (isinstance(step, Down) and step.recorded.apply_order is None)  # of an up that is half done
    await _record(run, step, f"{failed}_{'partial' if partial else 'clean'}", failed, done, _as_json(failure))


async def _record(run: Run, step: Step, state: str, kind: str, done: int, error: str | None) -> None:
    what = {"run": run.id, "state": state, "kind": kind, "done": done, "error": error}
    if isinstance(step, Up):
        await run.session.run(_ATTEMPT, **what, **texts(step.migration), **who(run))
        return
    await run.session.run(_ROLLBACK, **what, **_way_back(run, step))


def _way_back(run: Run, step: Down) -> Mapping[str, Any]:
    """What the row keeps of a rollback: the journal and the text of one that stops half-way belong to it."""
    script = step.script
    stays = not script.header.transaction
    return {
        "version": step.version,
        "operator": str(run.operator),
        "chain": run.id if stays else None,
        "down_text": script.text if stays else None,
        "down_sha256": script.sha256 if stays else None,
        "down_tokens_sha256": script.tokens_sha256 if stays else None,
    }


def _as_json(failure: Failure) -> str:
    return json.dumps(
        {"sqlstate": failure.sqlstate, "message": failure.message, "file": failure.file, "line": failure.line}
        | {"statement": failure.statement}
    )


def who(run: Run) -> Mapping[str, Any]:
    """Who writes a row, as its query's values."""
    return {"operator": run.operator.user, "host": run.operator.host, "tool_version": console.__version__}


def texts(migration: Migration) -> Mapping[str, Any]:
    """What a row keeps of the files, as its query's values."""
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
