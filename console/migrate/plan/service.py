"""`migrate plan`: read files, ledger and live database, change nothing, and tell what a run would do."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Literal

from console.db.session import Session
from console.errors import ConsoleError, Exit, Refused
from console.migrate.fingerprint.catalogue import fingerprint
from console.migrate.kinds.analyse import analyse
from console.migrate.kinds.models import Analysis, Object
from console.migrate.lint.linted import is_linted
from console.migrate.lint.models import Finding
from console.migrate.plan import portions, stall, weighing
from console.migrate.plan.backed import last_backup
from console.migrate.plan.fate import Fate, Gone
from console.migrate.plan.held import holds, refuse_held
from console.migrate.plan.loss import losses
from console.migrate.plan.models import Facts
from console.migrate.plan.reports import Inverse, Plan, Planned, PlannedMigration, TableLock
from console.migrate.standing import Standing
from console.migrate.step import Down, Step, Up
from console.migrate.tries import STALL_BUDGET, STATEMENT_TIMEOUT
from console.phi import AUDIT_FLOOR_DAYS, is_audit
from console.sql.lexer import Statement


async def make(
    session: Session,
    counting: Session,
    standing: Standing,
    steps: Sequence[Step],
    target: str,
    findings: Sequence[Finding] = (),
) -> Plan:
    """The plan of these steps. `counting` is a session with loss.SETTINGS, which gives each count two seconds."""
    facts, rows, gone, fate = await _weighed(session, steps, vouched=is_linted(standing.migrations))
    for row, step, each in zip(rows, steps, gone, strict=True):
        row.lint.extend(finding for finding in findings if finding.file == row.file)
        if isinstance(step, Down):
            row.loss.extend(await losses(counting, fate.lost(each), facts, step.recorded.applied_at))
    server, direction = standing.server, _direction(steps)
    return Plan(
        as_of=standing.presence.as_of,
        flavour=server.flavour,
        server=server.version,
        database=server.database,
        direction=direction,
        target=target,
        sha256=await plan_hash(session, standing, steps, target),
        rows=rows,
        backup=await last_backup(session, ledger=standing.presence.ledger) if direction == "down" else None,
        holds=await holds(session, fate.lost(fate.gone), facts),
    )


async def refuse_outdated(session: Session, standing: Standing, steps: Sequence[Step], target: str, plan: str) -> None:
    """Stop when the world is not any more what a plan was made for."""
    if await plan_hash(session, standing, steps, target) != plan:
        raise ConsoleError(
            "The files, the schema or the server are not what they were when this plan was made.",
            state="Nothing was changed.",
            hint="Look at the plan again (emr-console migrate plan) and give its hash.",
            exit=Exit.PLAN_OUTDATED,
        )


async def refuse_harm(session: Session, steps: Sequence[Step], accepted: float | None, *, backed_up: bool) -> None:
    """Stop unless somebody has agreed to how long these steps keep writers out (seconds).

    Also before anything under legal hold is destroyed, and before audit rows are that have to be kept longer, unless a
    proved backup is made of them.
    """
    facts, rows, _, fate = await _weighed(session, steps)
    worst = max(rows, key=lambda row: row.held)
    stall.refuse(worst.held, worst.label, accepted)
    await refuse_held(session, fate.lost(fate.gone), facts)
    if not backed_up:
        await _refuse_loss_of_audit(session, fate, facts)


async def _refuse_loss_of_audit(session: Session, fate: Fate, facts: Mapping[str, Facts]) -> None:
    audit = [gone for gone in fate.lost(fate.gone) if gone.kind in ("table", "rows") and is_audit(gone.relation)]
    for loss in await losses(session, audit, facts, None) if audit else ():
        if loss.retention_conflict:
            raise Refused(
                f"This would destroy audit rows of {loss.object} that are younger than {AUDIT_FLOOR_DAYS} days.",
                state="Nothing was changed.",
                hint="Let the file keep them, or roll back after a proved backup: --emergency --backup-dir DIR.",
            )


async def plan_hash(session: Session, standing: Standing, steps: Sequence[Step], target: str) -> str:
    """What a plan stands for: the same hash later means that nothing it rests on has moved."""
    live = await fingerprint(session)
    said = [_direction(steps), target, str(standing.server.version_num), live.sha256]
    said += [f"{step.version} {step.script.sha256}" for step in steps]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _direction(steps: Sequence[Step]) -> Literal["up", "down"]:
    return "down" if steps and isinstance(steps[0], Down) else "up"


async def _weighed(
    session: Session, steps: Sequence[Step], *, vouched: bool = False
) -> tuple[dict[str, Facts], list[PlannedMigration], list[list[Gone]], Fate]:
    """What is known of the relations, the migrations, what each of them takes away, and what is left in the end."""
    analyses = [[analyse(statement) for statement in step.script.statements] for step in steps]
    facts, fate = await weighing.before(session, list(chain.from_iterable(analyses)), vouched=vouched)
    rows, gone = [], []
    for step, found in zip(steps, analyses, strict=True):
        before = len(fate.gone)
        declared = await weighing.declared(session, step.script)
        rows.append(_migration(step, found, facts, fate, declared))
        gone.append(fate.gone[before:])
    return facts, rows, gone, fate


def _migration(
    step: Step, found: Sequence[Analysis], facts: Mapping[str, Facts], fate: Fate, declared: float
) -> PlannedMigration:
    script, header = step.script, step.script.header
    locks: list[list[TableLock]] = []
    times: list[float | None] = []
    for analysis in found:
        locks.append(_locks(analysis, facts, fate))
        times.append(
            stall.seconds(
                analysis,
                lambda name: portions.rows(name, facts, fate),
                lambda name: portions.attaching(name, facts, fate),
            )
        )
        fate.run(analysis)
    keeps = [any(lock.mode in stall.KEEPS_WRITERS_OUT for lock in each) for each in locks]
    held = stall.held(times, keeps, declared, together=header.transaction)
    return PlannedMigration(
        version=step.version,
        name=step.label.partition("_")[2],
        file=script.file,
        transaction=header.transaction,
        inverse=_inverse(step),
        stays=header.irreversible or header.partial_inverse,
        statements=[
            _planned(number, *each)
            for number, each in enumerate(zip(script.statements, found, locks, held, strict=True), 1)
        ],
        statement_timeout=STATEMENT_TIMEOUT if header.statement_timeout is None else header.statement_timeout,
        stall_budget=header.stall_budget or STALL_BUDGET,
    )


def _planned(
    number: int, statement: Statement, analysis: Analysis, locks: list[TableLock], held: float | None
) -> Planned:
    work = {action.work for action in analysis.actions}
    return Planned(
        number=number,
        line=statement.line,
        kind=analysis.kind,
        objects=list(dict.fromkeys(thing.label() for thing in _things(analysis))),
        locks=locks,
        rewrite=True if work & {"copy", "rewrite"} else None if analysis.opaque or "unknown" in work else False,
        why="; ".join(dict.fromkeys(action.why for action in analysis.actions if action.why)),
        held=held,
        opaque=analysis.opaque,
        sql=statement.text,
    )


def _things(analysis: Analysis) -> Iterator[Object]:
    yield from analysis.creates
    yield from analysis.drops
    yield from analysis.alters


def _locks(analysis: Analysis, facts: Mapping[str, Facts], fate: Fate) -> list[TableLock]:
    """The locks on what is there today; nobody waits for a table that the run itself has made."""
    named = [(fate.today(lock.table), lock.mode) for lock in analysis.locks]
    return [TableLock(facts[name].name, mode) for name, mode in named if name is not None and name in facts]


def _inverse(step: Step) -> Inverse:
    """Whether what runs can be taken back: an up by its down; a down by the up, but for what its loss names."""
    way_back = step.migration.down if isinstance(step, Up) else step.script
    if way_back is None:
        return "irreversible"
    return "partial" if way_back.header.partial_inverse else "exact"
