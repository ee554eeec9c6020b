"""How each migration stands, decided from files and ledger alone."""

import re
from collections.abc import Iterator, Sequence
from typing import get_args
from uuid import UUID

from console.migrate import lock
from console.migrate.files import Migration, Script
from console.migrate.models import APPLIED, KnexName, Recorded
from console.migrate.reports import Drift, MigrationStatus, State
from console.migrate.standing import Standing

_STATES = frozenset(get_args(State))
_KNEX = re.compile(r"(?P<version>\d+)_(?P<name>.+?)(?:\.(?:ts|js|sql))?")


def classify(standing: Standing) -> list[MigrationStatus]:
    """Every migration that a file, the ledger or knex knows of, in order."""
    recorded = standing.books.by_version
    files = {int(migration.version): migration for migration in standing.migrations}
    knex = {number: row for number, row in _numbered(standing.books.knex) if number not in recorded}
    applied = [number for number, row in recorded.items() if row.state in APPLIED]
    last = max([*applied, *knex], default=-1)
    run = lock.run_of(standing.holder, standing.books.runs) if standing.holder else None
    return [
        _one(
            files.get(number),
            recorded.get(number),
            knex.get(number),
            late=number < last,
            working=run.id if run else None,
            unreadable=standing.books.unreadable is not None,
        )
        for number in sorted(files.keys() | recorded.keys() | knex.keys())
    ]


def _one(
    file: Migration | None,
    row: Recorded | None,
    knex: KnexName | None,
    *,
    late: bool,
    working: UUID | None,
    unreadable: bool,
) -> MigrationStatus:
    if row is not None:
        return _recorded(file, row, working)
    if knex is not None:
        named = _KNEX.fullmatch(knex.name)
        version, name = (named["version"], named["name"]) if named else (knex.name, "")
        return MigrationStatus(version, name, "unknown", file.flavour if file else "any", batch=knex.batch)
    assert file is not None  # one of the three always is
    manual = file.up.header.manual
    state: State = "unknown" if unreadable else "out_of_order" if late and not manual else "pending"
    return MigrationStatus(
        file.version, file.name, state, file.flavour, manual=manual, statements=len(file.up.statements)
    )


def _recorded(file: Migration | None, row: Recorded, working: UUID | None) -> MigrationStatus:
    state = stopped(row) if row.run_id != working else row.state
    state = state if state in _STATES else "unknown"
    return MigrationStatus(
        row.version,
        row.name,
        "missing_file" if file is None and row.state in APPLIED else state,  # type: ignore[arg-type]  # looked up
        row.flavour,
        drift=drift(file, row) if file else None,
        batch=row.batch,
        applied_at=row.applied_at,
        duration=row.duration,
        adopted=row.adopted,
        manual=file.up.header.manual if file else False,
        operator=f"{row.operator}@{row.host}",
        statements=row.statements_total,
        last_error=row.last_error,
    )


def stopped(row: Recorded) -> str:
    """The state of a migration that nobody is working on: one that stopped half-way between two of its statements."""
    if row.state not in ("applying", "rolling_back"):
        return row.state
    if row.begun is not None:
        return "in_doubt"
    if row.state == "rolling_back":
        return "rollback_failed_partial"
    return "failed_partial" if row.statements_done else "failed_clean"


def drift(file: Migration, row: Recorded) -> Drift | None:
    """How a file differs from what was applied; another name under the same number is another up."""
    up = _differs(file.up, row.up_sha256, row.up_tokens_sha256)
    down = _differs(file.down, row.down_sha256, row.down_tokens_sha256)
    if up == "tokens" or file.name != row.name:
        return "up"
    if down == "tokens":
        return "down"
    return "cosmetic" if up or down else None


def _differs(script: Script | None, sha256: str | None, tokens_sha256: str | None) -> str | None:
    if script is None or sha256 is None:
        return None if script is None and sha256 is None else "tokens"
    if script.sha256 == sha256:
        return None
    return "text" if script.tokens_sha256 == tokens_sha256 else "tokens"


def _numbered(names: Sequence[KnexName]) -> Iterator[tuple[int, KnexName]]:
    """knex's rows by the number their names begin with; others are none of ours."""
    for row in names:
        named = _KNEX.fullmatch(row.name)
        if named:
            yield int(named["version"]), row
