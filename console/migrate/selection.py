"""What `up` and `down` would run, or why they may not; decided after the lock is held, and before, to be confirmed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.errors import ConsoleError, Exit, Refused, UsageError
from console.migrate.classify import classify, stopped
from console.migrate.contradiction import contradicted
from console.migrate.files import Migration
from console.migrate.models import APPLIED, Recorded
from console.migrate.reports import MigrationStatus
from console.migrate.standing import Standing

UNCHANGED = "Nothing was changed."

_BLOCKED = frozenset({"in_doubt", "rollback_failed_partial"})
_HALF_WAY = frozenset({"in_doubt", "failed_partial"})

WAITING = frozenset({"pending", "failed_clean", "failed_partial", "out_of_order"})
"""States of what `up` has still to run."""

_TARGET = re.compile(r"(?P<number>\d+)(?:_(?P<name>\w+?)(?:\.ts)?)?")


@dataclass(frozen=True, slots=True)
class Back:
    """How far to roll back; by itself the one migration that was applied last."""

    to: str | None = None
    """Everything applied after this one, which stays."""
    all: bool = False
    """Everything."""
    batch: bool = False
    """Everything that the last run applied."""

    @property
    def target(self) -> str:
        """How far, in one word."""
        return self.to or ("all" if self.all else "batch" if self.batch else "last")


def for_up(standing: Standing, *, to: str | None = None, out_of_order: bool = False) -> list[Migration]:
    """The migrations that `up` runs, in order.

    It stops before a manual one, which runs only as the target itself. Raises what stands in the way.
    """
    refuse_untold(standing)
    rows = classify(standing)
    _refuse_up(rows, out_of_order=out_of_order)
    there = {int(migration.version) for migration in standing.migrations}
    lost = [row.label for row in rows if row.state == "failed_partial" and int(row.version) not in there]
    if lost:
        raise _half_done_without_file(", ".join(lost))
    target = number_of(to, standing) if to is not None else None
    waiting = {int(row.version) for row in rows if row.state in WAITING}
    chosen: list[Migration] = []
    for migration in standing.migrations:
        number = int(migration.version)
        if number not in waiting or (target is not None and number > target):
            continue
        if migration.up.header.manual and number != target:
            _refuse_past_manual(migration, target)
            break
        chosen.append(migration)
    return chosen


def for_down(standing: Standing, back: Back) -> list[Recorded]:
    """The ledger's rows that `down` undoes, the last one applied first."""
    refuse_untold(standing)
    halfway = [row.label for row in standing.books.recorded if _stopped_half_way(row)]
    if halfway:
        raise _halfway(", ".join(halfway))
    applied = sorted(
        (row for row in standing.books.recorded if row.state in APPLIED),
        key=lambda row: row.apply_order or 0,
        reverse=True,
    )
    if back.batch:
        last = max((row.batch or 0 for row in applied), default=0)
        return [row for row in applied if row.batch == last]
    if back.to is None:
        return applied if back.all else applied[:1]
    number = number_of(back.to, standing)
    stays = next((row for row in applied if int(row.version) == number), None)
    if stays is None:
        raise UsageError(f"{back.to} is not applied, so there is nothing to go back to.", state=UNCHANGED)
    return applied[: applied.index(stays)]


def _stopped_half_way(row: Recorded) -> bool:
    """Whether it is neither applied nor not: an up that stopped, or one whose done part is half taken back."""
    state = stopped(row)
    return state in _HALF_WAY or (state == "rollback_failed_partial" and row.apply_order is None)


def _refuse_up(rows: Sequence[MigrationStatus], *, out_of_order: bool) -> None:
    for stands, refuse in _OBSTACLES:
        found = [row.label for row in rows if stands(row) and not (out_of_order and refuse is _late)]
        if found:
            raise refuse(", ".join(found))


def _refuse_past_manual(migration: Migration, target: int | None) -> None:
    if target is not None:
        raise Refused(
            f"{migration.label} is manual and comes before the target.",
            state=UNCHANGED,
            hint=f"Run it by itself first: emr-console migrate up --to {migration.version}.",
        )


def refuse_untold(standing: Standing) -> None:
    """Nothing is chosen from a ledger that cannot be read, or that contradicts itself."""
    refused = standing.books.unreadable or contradicted(standing.books.meta)
    if refused is not None:
        raise refused


def number_of(wanted: str, standing: Standing) -> int:
    """The number that 003, 003_name or 003_name.ts means; a name that does not belong to it is no guess of ours."""
    named = _TARGET.fullmatch(wanted)
    labels = {int(row.version): row.label for row in standing.books.recorded}
    labels |= {int(migration.version): migration.label for migration in standing.migrations}
    label = labels.get(int(named["number"])) if named else None
    if named is None or label is None or named["name"] not in (None, label.partition("_")[2]):
        raise UsageError(
            f"There is no migration {wanted}.", state=UNCHANGED, hint="See emr-console migrate status for all of them."
        )
    return int(named["number"])


def _unknown(labels: str) -> ConsoleError:
    return Refused(
        f"Recorded in knex's table but not in this ledger, or in a state that this version does not know: {labels}.",
        state=UNCHANGED,
        hint="What knex has made has to be adopted before it can be migrated further: emr-console migrate adopt.",
    )


def _blocked(labels: str) -> ConsoleError:
    return Refused(
        f"In doubt or rolled back half-way, which blocks what comes after: {labels}.",
        state=UNCHANGED,
        hint="See emr-console migrate status; then finish the rollback (migrate down) or decide (migrate resolve).",
    )


def _halfway(labels: str) -> ConsoleError:
    return Refused(
        f"Stopped half-way, which stands in the way of a rollback: {labels}.",
        state=UNCHANGED,
        hint="Finish it (migrate up), or take back what is done of it: migrate resolve VERSION --undo --reason TEXT.",
    )


def _half_done_without_file(labels: str) -> ConsoleError:
    return ConsoleError(
        f"Half done here, but the file is missing: {labels}.",
        state=UNCHANGED,
        hint="Put the file back and start again, or take back what is done: migrate resolve V --undo --reason TEXT.",
        exit=Exit.FILE_MISSING,
    )


def _missing(labels: str) -> ConsoleError:
    return ConsoleError(
        f"Applied here, but the file is missing: {labels}.",
        state=UNCHANGED,
        hint="Put the file back, or roll back: the ledger keeps its text.",
        exit=Exit.FILE_MISSING,
    )


def _changed(labels: str) -> ConsoleError:
    return ConsoleError(
        f"Changed after it had been applied here: {labels}.",
        state=UNCHANGED,
        hint="Restore the file, and put the change into a new migration.",
        exit=Exit.FILE_CHANGED,
    )


def _late(labels: str) -> ConsoleError:
    return ConsoleError(
        f"Not applied, although later migrations are: {labels}.",
        state=UNCHANGED,
        hint="Give it a number after the last one, or run it late: --out-of-order --reason TEXT.",
        exit=Exit.OUT_OF_ORDER,
    )


_OBSTACLES: Sequence[tuple[Callable[[MigrationStatus], bool], Callable[[str], ConsoleError]]] = (
    (lambda row: row.state == "unknown", _unknown),
    (lambda row: row.state in _BLOCKED, _blocked),
    (lambda row: row.state == "missing_file", _missing),
    (lambda row: row.drift == "up" and row.state in APPLIED, _changed),
    (lambda row: row.state == "out_of_order", _late),
)
"""What stands in the way of `up`, gravest first, and how to say so."""
