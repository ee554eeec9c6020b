"""`emr-console migrate adopt`: what knex or hands have made is shown, and after a yes written into the ledger."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.columns import Column
from console.cli.migrate.options import add_action, add_consent, folder_of
from console.cli.target import target_and_role
from console.errors import Exit, UsageError
from console.units import number_of

if TYPE_CHECKING:
    from console.db.target import Target
    from console.migrate.adopt.survey import Found, Survey
    from console.migrate.files import Folder
    from console.migrate.reports import Event

_COLUMNS = (Column("version"), Column("name", 3), Column("found"), Column("why", 1, least=30), Column("knex", 2))
_WORDS = {
    "recorded": "in the ledger",
    "adopt": "all there",
    "held_back": "all there, but an earlier one is not",
    "partial": "PARTIAL",
    "pending": "nothing there",
}
_SHOWN = 3


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = add_action(actions, "adopt", "take over what knex or hands have made", adopt)
    action.add_argument("--clean-duplicates", action="store_true", help="of names that knex has twice keep one")
    add_consent(action)


async def adopt(args: argparse.Namespace) -> int:
    """Show what is found; adopt it after a yes. Without a terminal and without --yes it only looks."""
    from console.migrate.adopt.adopt import adopt as write
    from console.migrate.terms import Terms

    folder, (target, role) = folder_of(args), target_and_role(args)
    confirmed = None
    if not args.yes:
        found = await _look(args, folder, target, role)
        if not confirm.asks() or not _something(args, found):
            _show(args, found, [], 0)
            return _exit(found, [], 0)
        if not args.json:
            _table(args, found)
        await confirm.change(args, f"{target.describe()}: {_said(args, found)}")
        confirmed = [row.migration.label for row in found.adoptable]
    if not args.reason:
        raise UsageError(
            "Adopting needs a reason, which is kept with the run.", state=confirm.UNCHANGED, hint="Add --reason TEXT."
        )
    terms = Terms(role, args.flavour, args.lock_wait, args.reason, confirmed)
    ended = await write(target, folder, lambda event: _hear(args, event), terms, clean=args.clean_duplicates)
    _show(args, ended.survey, ended.done, ended.cleaned)
    return _exit(ended.survey, ended.done, ended.cleaned)


async def _look(args: argparse.Namespace, folder: "Folder", target: "Target", role: str | None) -> "Survey":
    """What is found, by a session that looks for names where migrations do: their checks are asked."""
    from console.migrate.adopt.survey import survey
    from console.migrate.standing import read_standing
    from console.migrate.tries import START
    from console.migrate.trust import opened

    async with await opened(target, "query", settings=START, read_only=True, role=role) as session:
        standing = await read_standing(session, folder, args.flavour, role=role)
        return await survey(session, target, standing, role=role, say=lambda said: output.say(args, said))


def _hear(args: argparse.Namespace, event: "Event") -> None:
    if event.message:
        output.say(args, event.message)


def _something(args: argparse.Namespace, found: "Survey") -> bool:
    return bool(found.adoptable or (args.clean_duplicates and found.duplicates))


def _said(args: argparse.Namespace, found: "Survey") -> str:
    labels = ", ".join(row.migration.label for row in found.adoptable)
    written = f"this writes {labels} into the ledger and runs nothing." if labels else "nothing is adopted."
    cleaned = f" It removes {number_of(_surplus(found), 'row')} from knex_migrations." if args.clean_duplicates else ""
    return written + cleaned


def _surplus(found: "Survey") -> int:
    return sum(found.duplicates.values()) - len(found.duplicates)


def _exit(found: "Survey", done: Sequence[str], cleaned: int) -> int:
    """1 when something waits for a person: to be adopted, to be mended, to be cleaned."""
    open_ = [row for row in found.rows if row.verdict in ("adopt", "held_back", "partial")]
    calm = len(open_) == len(done) and cleaned == _surplus(found)
    return Exit.OK if calm else Exit.FINDINGS


def _show(args: argparse.Namespace, found: "Survey", done: Sequence[str], cleaned: int) -> None:
    if args.json:
        output.data(_as_json(found, done, cleaned))
        return
    if done or cleaned:
        output.say(
            args, f"Adopted {', '.join(done) or 'nothing'}; removed {number_of(cleaned, 'row')} from knex_migrations."
        )
    else:
        _table(args, found)


def _table(args: argparse.Namespace, found: "Survey") -> None:
    output.table("", _COLUMNS, [_cells(row) for row in found.rows])
    if found.note:
        output.say(args, f"Only names and checks were compared; {found.note}")
    for name, count in found.duplicates.items():
        output.say(args, f"{name} stands in knex_migrations {count} times; --clean-duplicates keeps one.")


def _cells(row: "Found") -> list[str]:
    knex = ", ".join(f"{hint.name} in batch {hint.batch}" for hint in row.knex)
    return [row.migration.version, row.migration.name, _WORDS[row.verdict], _why(row), knex]


def _why(row: "Found") -> str:
    """What speaks against it, the first of each kind; of what is not there at all nothing need be said."""
    from console.migrate.fingerprint.difference import whole

    if row.verdict == "pending":
        return ""
    against = row.evidence
    kinds = (("missing", against.missing), ("different", against.different), ("still there", against.unwanted))
    said = [f"{word}: {_some(whole(dict.fromkeys(names, '')))}" for word, names in kinds if names]
    return "; ".join(said + ([f"checks: {_some(against.failed)}"] if against.failed else []))


def _some(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _as_json(found: "Survey", done: Sequence[str], cleaned: int) -> dict[str, object]:
    return {
        "rehearsed": found.note is None,
        "note": found.note,
        "rows": [_row_as_json(row) for row in found.rows],
        "duplicates": [{"name": name, "rows": count} for name, count in found.duplicates.items()],
        "done": list(done),
        "cleaned": cleaned,
        "exit": int(_exit(found, done, cleaned)),
    }


def _row_as_json(row: "Found") -> dict[str, object]:
    against = {name: list(getattr(row.evidence, name)) for name in ("missing", "different", "unwanted", "failed")}
    knex = [hint.model_dump() for hint in row.knex]
    named = {"version": row.migration.version, "name": row.migration.name, "verdict": row.verdict}
    return {**named, **against, "knex": knex}
