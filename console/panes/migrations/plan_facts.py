"""What has to be known of a plan beside its losses and its statements, in sentences; and why it must not be run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from console.migrate.plan.stall import KEEPS_WRITERS_OUT
from console.phi import TOO_YOUNG
from console.ui.columns import Tone
from console.ui.text import age, duration

if TYPE_CHECKING:
    from console.migrate.plan.reports import Loss, Plan, PlannedMigration
    from console.panes.migrations.models import InTheWay


class Said(NamedTuple):
    """One thing to know."""

    label: str
    """What it is about."""
    text: str
    """What there is to know; as it came from files and server."""
    tone: Tone = Tone.PLAIN
    """How much it matters."""


def refusal(plan: Plan, *, backup: bool = False) -> str:
    """Why a plan must not be run from here, as a sentence; empty where nothing forbids it.

    `backup` says that a proved one is made first, without which rows that have to be kept do not go.
    """
    if not plan.rows:
        return "Nothing would be done."
    if plan.holds:
        return f"✖ Not offered: {'; '.join(hold.sentence() for hold in plan.holds)}."
    kept = ", ".join(plan.too_young)
    if kept and not backup:
        first = " B makes one first." if backup_possible(plan) else ""
        return f"✖ Not offered without a backup: {kept} has {TOO_YOUNG}.{first}"
    rules = [
        f"{found.rule} ({found.file}, line {found.line})" for row in plan.rows for found in row.lint if found.refuses
    ]
    return f"✖ Not offered: lint refuses it by {', '.join(rules)}." if rules else ""


def backup_possible(plan: Plan) -> bool:
    """Whether a proved backup can be made first: then all of it is one transaction."""
    return plan.direction == "down" and bool(plan.rows) and all(row.transaction for row in plan.rows)


def facts(plan: Plan, in_the_way: Sequence[InTheWay] = ()) -> Iterator[Said]:
    """What has to be known, the worst first; `in_the_way` are those who hold the tables now."""
    for hold in plan.holds:
        yield Said("legal hold", f"✖ {hold.sentence()}", Tone.ERROR)
    yield from _warnings(plan)
    yield Said("locks", _locks(plan) or "no table that is there already")
    if in_the_way:
        yield Said("held now by", "; ".join(map(_holder, in_the_way)), Tone.WARNING)
    if plan.held:
        yield _stall(plan)
    if plan.rows:
        yield Said("inverse", f"{_inverse(plan)} · {_rehearsed(plan)}")
        yield from _backup(plan)
        yield Said("runs", _runs(plan))


def _stall(plan: Plan) -> Said:
    """How long writers wait, and what running it agrees to with that."""
    about = f"about {duration(plan.held)}"
    if plan.accept_stall is None:
        return Said("writers wait", about)
    agreed = f"needs --accept-stall {plan.accept_stall}; who runs it from here agrees to that"
    return Said("writers wait", f"▲ {about}: {agreed}", Tone.WARNING)


def _holder(session: InTheWay) -> str:
    who = " ".join(filter(None, (session.role, session.application))) or "unknown"
    since = f" for {age(session.transaction_age)}" if session.transaction_age is not None else ""
    return f"session {session.pid} ({who}, {session.state or 'state hidden'}{since})"


def _warnings(plan: Plan) -> Iterator[Said]:
    for loss in _lost(plan):
        if loss.opens_access:
            yield Said("opens access", f"▲ {loss.kind} {loss.object} goes. {loss.note or ''}".strip(), Tone.WARNING)
        elif loss.retention_conflict:
            yield Said("retention", f"✖ {loss.object} has {TOO_YOUNG}", Tone.ERROR)
        elif loss.note:
            yield Said("note", f"{loss.object}: {loss.note}", Tone.WARNING)
    for row in plan.rows:
        for found in row.lint:
            tone = Tone.ERROR if found.refuses else Tone.WARNING if found.waived is None else Tone.MUTED
            sign = {Tone.ERROR: "✖ ", Tone.WARNING: "▲ "}.get(tone, "")
            waived = f" (waived: {found.waived})" if found.waived else ""
            yield Said("lint", f"{sign}{found.rule} {found.file}, line {found.line}: {found.message}{waived}", tone)


def _lost(plan: Plan) -> list[Loss]:
    return [loss for row in plan.rows for loss in row.loss]


def _locks(plan: Plan) -> str:
    """Each mode with its tables, those that keep writers out first; weaker ones on the same table say nothing new."""
    tables: dict[str, list[str]] = {}
    for row in plan.rows:
        for statement in row.statements:
            for lock in statement.locks:
                tables.setdefault(lock.mode, []).append(lock.table)
    strongest = [mode for mode in tables if mode == "ACCESS EXCLUSIVE"]
    others = sorted((mode for mode in tables if mode not in strongest), key=lambda mode: mode not in KEEPS_WRITERS_OUT)
    said: set[str] = set()
    parts = []
    for mode in [*strongest, *others]:
        named = [table for table in dict.fromkeys(tables[mode]) if table not in said]
        said.update(named)
        if named:
            parts.append(f"{mode} {', '.join(named)}")
    return "; ".join(parts)


def _inverse(plan: Plan) -> str:
    kinds = {row.inverse for row in plan.rows}
    stays = any(row.stays for row in plan.rows)
    if len(kinds) == 1 and not stays:
        return kinds.pop()
    return ", ".join(f"{row.version} {row.inverse}{f' ({row.stays})' if row.stays else ''}" for row in plan.rows)


def _rehearsed(plan: Plan) -> str:
    """How long it took on a scratch database, or that it did not run there."""
    seconds = [row.rehearsed for row in plan.rows if row.rehearsed is not None]
    if len(seconds) == len(plan.rows):
        return f"rehearsed {duration(sum(seconds))}"
    return next((row.not_rehearsed for row in plan.rows if row.not_rehearsed), "not rehearsed")


def _backup(plan: Plan) -> Iterator[Said]:
    """The newest backup, and what makes one first where there is none to rely on."""
    if plan.backup is not None:
        wanted = backup_possible(plan) and not plan.backup.is_recent(plan.as_of)
        first = " → B makes one first" if wanted else ""
        yield Said("backup", f"{plan.backup.told(plan.as_of)}{first}")


def _runs(plan: Plan) -> str:
    count = sum(len(row.statements) for row in plan.rows)
    number = f"{len(plan.rows)} migrations, " if len(plan.rows) > 1 else ""
    budget = max(row.stall_budget for row in plan.rows) / 1000
    return (
        f"{number}{count} statement{'s' if count != 1 else ''}, {_how(plan.rows)}, lock tries up to {budget:g} s in all"
    )


def _how(rows: list[PlannedMigration]) -> str:
    together = {row.transaction for row in rows}
    if together == {False}:
        return "each by itself"
    each = " each" if len(rows) > 1 else ""
    return f"one transaction{each}" if together == {True} else "in transactions or by themselves"
