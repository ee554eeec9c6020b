"""`emr-console migrate plan`: what a run would do, and what a rollback would destroy, before anything is changed."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.migrate.options import add_action, folder_of
from console.cli.target import target_and_role
from console.errors import Exit, UsageError
from console.iso import to_second
from console.phi import TOO_YOUNG
from console.units import number_of

if TYPE_CHECKING:
    from console.migrate.plan.reports import Loss, Plan, Planned, PlannedMigration

_STATEMENTS = (
    Column("line", right=True),
    Column("statement", least=19, folds=True),
    Column("locks", 2, least=19, folds=True),
    Column("writers wait", 1, right=True),
    Column("because", 3, least=16, folds=True),
)
_LOSS = (
    Column("would destroy", least=48, folds=True),
    Column("", 2),
    Column("rows", right=True),
    Column("bytes", 3, right=True),
    Column("since applied", 4, right=True),
    Column("newest (UTC)", 2),
    Column("note", 5, least=20),
)


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = add_action(actions, "plan", "what a run would do, and what a rollback would destroy", plan)
    action.add_argument("direction", nargs="?", choices=("up", "down"), default="up", help="up if nothing is said")
    how_far = action.add_mutually_exclusive_group()
    how_far.add_argument("--to", metavar="V", help="up: the last one to apply; down: everything after this one")
    how_far.add_argument("--last", action="store_true", help="down: the one migration that was applied last")
    how_far.add_argument("--batch", action="store_true", help="down: everything that the last run applied")
    how_far.add_argument("--all", action="store_true", help="down: everything")
    action.add_argument("--out-of-order", action="store_true", help="up: also what is older than the last one applied")
    action.add_argument(
        "--rehearse", action="store_true", help="run it on a scratch database first, which is made for it"
    )


async def plan(args: argparse.Namespace) -> int:
    """Print the plan; 1 if it would be refused as it is: by a rule, a hold, for who waits, or rows that must stay."""
    from console.migrate.plan.requested import Wanted, planned
    from console.migrate.selection import Back

    how_far = [bool(args.to), args.last, args.batch, args.all]
    given = [f"--{name}" for name in ("last", "batch", "all") if getattr(args, name)]
    if args.direction == "up" and given:
        raise UsageError(f"{given[0]} belongs to plan down.", state=_NOTHING, hint="Add the word down.")
    if args.direction == "down" and sum(how_far) != 1:
        raise UsageError("How far back?", state=_NOTHING, hint="Add one of --last, --batch, --to V, --all.")
    folder, (target, role) = folder_of(args), target_and_role(args)
    back = Back(to=args.to, all=args.all, batch=args.batch) if args.direction == "down" else None
    to = args.to if back is None else None
    wanted = Wanted(to, args.out_of_order, back, args.flavour, role, rehearse=args.rehearse)
    found = await planned(target, folder, wanted, lambda said: output.say(args, said))
    if args.json:
        output.data(as_json(found))
    else:
        _show(args, found)
    refused = any(finding.refuses for row in found.rows for finding in row.lint)
    return Exit.FINDINGS if refused or found.holds or found.accept_stall or found.too_young else Exit.OK


def as_json(found: "Plan") -> dict[str, object]:
    """A plan as --json spells it."""
    whole = asdict(found)
    rows = [_row_as_json(row) for row in found.rows]
    return {**whole, "held": found.held, "accept_stall": found.accept_stall, "rows": rows}


def _row_as_json(row: "PlannedMigration") -> dict[str, object]:
    statements = [_statement_as_json(each) for each in row.statements]
    lint = [asdict(finding) for finding in row.lint]
    return {**asdict(row), "statements": statements, "lint": lint, "held": row.held}


def _statement_as_json(each: "Planned") -> dict[str, object]:
    strongest = each.locks[0].mode if len({lock.mode for lock in each.locks}) == 1 else None
    return {**asdict(each), "lock": strongest or ", ".join(f"{lock.mode} {lock.table}" for lock in each.locks) or None}


def _show(args: argparse.Namespace, found: "Plan") -> None:
    for row in found.rows:
        output.text(output.safe(_headline(row, found)))
        output.table("", _STATEMENTS, [_statement(each) for each in row.statements])
        if row.loss:
            output.table("", _LOSS, [_loss(loss) for loss in row.loss])
        for finding in row.lint:
            waived = f" (waived: {finding.waived})" if finding.waived else ""
            output.text(f"{finding.severity} {finding.rule} line {finding.line}: {finding.message}{waived}")
        output.text(" ")
    for said in (*(hold.sentence() for hold in found.holds), *_stall(found), *_young(found), *_backup(found)):
        output.text(output.safe(said))
    output.text(f"plan {found.sha256}" if found.rows else "Nothing would be done.")


def _stall(found: "Plan") -> Iterator[str]:
    """What a run would be refused without, where writers have to wait."""
    if found.accept_stall:
        yield f"writers wait for about {found.held:,.0f} s: needs --accept-stall {found.accept_stall}"


def _young(found: "Plan") -> Iterator[str]:
    """What a rollback would be refused for unless a backup is made first."""
    for name in found.too_young:
        yield f"{name} has audit {TOO_YOUNG}: needs --emergency --backup-dir DIR"


def _backup(found: "Plan") -> Iterator[str]:
    """The newest backup, and how one is made first where there is none to rely on."""
    if found.backup is None or not found.rows:
        return
    first = "" if found.backup.is_recent(found.as_of) else "; --emergency --backup-dir DIR makes one first"
    yield f"backup {found.backup.told(found.as_of)}{first}"


def show_losses(args: argparse.Namespace, found: "Plan") -> None:
    """Print only what a rollback would destroy, as a question needs it: on stderr, where the question is."""
    for known in (*(hold.sentence() for hold in found.holds), *_backup(found)):
        output.say(args, f"  {known}")
    for loss in (loss for row in found.rows for loss in row.loss):
        what, marks, rows, size, born, newest, note = _loss(loss)
        said = [
            marks,
            rows and f"{rows} {'row' if loss.rows == 1 else 'rows'}",
            size,
            born and f"{born} since it was applied",
            newest and f"newest {newest}",
        ]
        output.say(args, f"  would destroy {what}: {', '.join(filter(None, [*said, note])) or 'nothing to count'}")


def _headline(row: "PlannedMigration", found: "Plan") -> str:
    verb = "Roll back" if found.direction == "down" else "Apply"
    how = "one transaction" if row.transaction else "each statement by itself"
    stays = f" ({row.stays})" if row.stays else ""
    tried = f"rehearsed in {row.rehearsed:.2f} s" if row.rehearsed is not None else row.not_rehearsed or "not rehearsed"
    count = number_of(len(row.statements), "statement")
    return f"{verb} {row.label} on {found.database}: {count}, {how}; inverse {row.inverse}{stays}; {tried}"


def _statement(each: "Planned") -> list[str]:
    locks = ", ".join(f"{lock.mode} {lock.table}" for lock in each.locks)
    held = "" if each.held is None else f"{each.held:,.1f} s"
    return [str(each.line), each.what, locks, held, each.opaque or each.why]


def _loss(loss: "Loss") -> list[str]:
    from console.ui.text import bytes_text  # it reads Rich

    what = f"{loss.kind} {loss.object}"
    marks = [
        mark
        for mark, on in (("PHI", loss.phi), ("RETENTION", loss.retention_conflict), ("OPENS ACCESS", loss.opens_access))
        if on
    ]
    counted = "" if loss.rows is None else f"{'' if loss.exact else 'at least '}{loss.rows:,}"
    unknown = loss.kind in ("table", "column", "rows") and loss.rows is None
    return [
        what,
        ", ".join(marks),
        "unknown" if unknown else counted,
        "" if loss.bytes is None else bytes_text(loss.bytes),
        "" if loss.born_since_applied is None else f"{loss.born_since_applied:,}",
        to_second(loss.newest) if loss.newest else "",
        loss.note or "",
    ]


_NOTHING = "Nothing was done."
