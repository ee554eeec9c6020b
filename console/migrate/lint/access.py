"""Rules about who sees what, and with whose rights."""

from collections.abc import Iterator
from itertools import pairwise

from console.migrate.kinds.expressions import calls, is_built_in
from console.migrate.kinds.models import Action
from console.migrate.kinds.reader import literal
from console.migrate.lint.chain import File, Remark
from console.migrate.lint.extensions import may_bring
from console.migrate.lint.world import World

_ROLES = ("CREATE ROLE", "CREATE USER", "ALTER ROLE", "ALTER USER")
_VERIFIERS = ("SCRAM-SHA-256$", "md5")


def em09(file: File) -> Iterator[Remark]:
    """A table that stays must not lose a policy or its row security: afterwards others may see its rows.

    Silent where the policy is made anew under its name, and about what a DO block or an unknown function names.
    """
    for name, table in file.start.tables.items():
        stays = file.end.tables.get(name)
        if stays and table.row_security and not stays.row_security and name not in file.untold:
            yield (
                _line_of_opening(file, name),
                f"Row security of {name} is off afterwards; whoever may read sees all rows.",
            )
    for thing in file.outermost(file.start.objects.keys() - file.end.objects.keys()):
        if thing.kind == "policy" and thing.of in file.end.tables:
            yield file.line_without(thing), f"The table {thing.of} stays without its policy {thing.name}."


def _line_of_opening(file: File, table: str) -> int:
    """The line of the last statement that leaves a table without row security."""
    open_ = [
        step.statement.line for step in file.steps if _secured(step.before, table) and not _secured(step.after, table)
    ]
    return open_[-1] if open_ else 1


def _secured(world: World, table: str) -> bool:
    return table in world.tables and world.tables[table].row_security


def em10(file: File) -> Iterator[Remark]:
    """A function that a policy, a trigger or a default calls must be there by then, or nothing can be written.

    Silent where an extension may have brought it, and about what is named in statements that tell too little.
    """
    for line, action, world in file.actions:
        for function in dict.fromkeys(_called(action)):
            if not is_built_in(function) and not _may_be_there(function, world):
                yield line, f"The function {function} is not made by this or an earlier migration."


def _called(action: Action) -> Iterator[str]:
    if action.kind in ("CREATE TRIGGER", "CREATE POLICY"):
        yield from (call.function for call in action.calls if call.function)
    for column in action.columns:
        yield from calls(column.default)


def _may_be_there(function: str, world: World) -> bool:
    brought = any(thing.kind == "extension" and may_bring(thing.name, function) for thing in world.objects)
    return brought or world.has("function", function) or function in world.untold


def em15(file: File) -> Iterator[Remark]:
    """A view reads with the rights of its owner, past every policy, unless security_invoker is on (15 and newer)."""
    before = _leaking(file.start)
    for view in sorted(_leaking(file.end).keys() - before.keys()):
        table = _leaking(file.end)[view]
        line = next(step.statement.line for step in file.steps if view in _leaking(step.after))
        yield line, f"The view {view} shows every row of {table}, whatever its policies say, without security_invoker."


def _leaking(world: World) -> dict[str, str]:
    """The views that read a table with row security by their owner's rights, and that table."""
    found = {}
    for name, view in world.views.items():
        secured = next((table for table in view.reads if _secured(world, table)), None)
        if secured and not (view.materialized or view.invoker):
            found[name] = secured
    return found


def em17(file: File) -> Iterator[Remark]:
    """SECURITY DEFINER without its own search_path runs whatever the caller has put in front of our functions."""
    for line, action, _ in file.actions:
        if action.kind in ("CREATE FUNCTION", "CREATE PROCEDURE"):
            words = set(pairwise(token.upper() for token in action.query))
            if ("SECURITY", "DEFINER") in words and ("SET", "SEARCH_PATH") not in words:
                yield line, f"{action.creates[0].label()} is SECURITY DEFINER without SET search_path."


def em18(file: File) -> Iterator[Remark]:
    """A password in a file is read by everybody who reads the repository, the ledger or the server's log."""
    for step in file.steps:
        for each in step.statement.flat():
            words = [token.upper() for token in each.tokens]
            if each.kind in _ROLES and "PASSWORD" in words:
                given = literal(each.tokens[words.index("PASSWORD") + 1 :][:1])
                if given and not given.startswith(_VERIFIERS):
                    yield each.line, "A password stands here in clear; only its SCRAM verifier may, or none."
