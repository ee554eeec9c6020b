"""Rules about the policies that refresh, compress and drop."""

from collections.abc import Iterator

from console.migrate.kinds.models import Action, Call, Tokens
from console.migrate.kinds.timescale import is_on
from console.migrate.lint.chain import File, Remark
from console.migrate.lint.durations import days
from console.migrate.lint.hypertables import policy_target
from console.migrate.lint.world import View, World

FLOOR = 2555
"""Days that audit rows are kept at least: seven years, as HIPAA's retention is commonly read."""

_POLICIES = ("retention_policy", "compression_policy", "columnstore_policy", "continuous_aggregate_policy")
_ADDS = tuple(f"add_{policy}" for policy in (*_POLICIES, "reorder_policy"))


def _calls(file: File) -> Iterator[tuple[int, Call, Action, World]]:
    for line, action, world in file.actions:
        for call in action.calls:
            yield line, call, action, world


def ts08(file: File) -> Iterator[Remark]:
    """A refresh policy whose window is smaller than two buckets is refused (22023), or never fills one."""
    for line, call, _, world in _calls(file):
        if call.function.endswith("add_continuous_aggregate_policy"):
            view = world.views.get(policy_target(call))
            start, end = days(call.argument("start_offset", 1)), days(call.argument("end_offset", 2))
            width = _bucket(view) if view else None
            if start is not None and end is not None and width is not None and start - end < 2 * width:
                yield line, f"The window of the refresh policy of {policy_target(call)} is smaller than two buckets."


def _bucket(view: View) -> float | None:
    """The days of an aggregate's bucket."""
    query = view.query
    at = next((at for at, token in enumerate(query) if token.lower() == "time_bucket"), None)
    return days(_first_argument(query[at + 2 :])) if at is not None else None


def _first_argument(tokens: Tokens) -> Tokens:
    return tokens[: tokens.index(",")] if "," in tokens else ()


def ts10(file: File) -> Iterator[Remark]:
    """Retention drops whole chunks for ever: not before seven years, and not before an aggregate has read them."""
    for step in file.steps:
        for line, action in step.actions():
            for call in action.calls:
                kept = days(call.argument("drop_after", 1)) if call.function.endswith("add_retention_policy") else None
                if kept is not None and kept < FLOOR:
                    yield line, f"Rows are dropped after {kept:g} days; audit rows are kept for {FLOOR}."
        for table, view in sorted(_unread(step.after) - _unread(step.before)):
            yield (
                step.statement.line,
                f"Rows of {table} are dropped before {view} has refreshed them for the last time.",
            )


def _unread(world: World) -> set[tuple[str, str]]:
    """Hypertables that lose rows while an aggregate still refreshes them, and that aggregate."""
    return {
        (table, name)
        for name, view in world.views.items()
        for table in view.reads
        if table in world.tables and (kept := world.tables[table].retention) is not None
        if view.reach is not None and kept < view.reach
    }


def ts12(file: File) -> Iterator[Remark]:
    """Where a policy exists, if_not_exists keeps its figures silently: remove it, add it, then verify."""
    for line, call, _, _ in _calls(file):
        if call.function.endswith(_ADDS) and is_on(call.argument("if_not_exists")):
            yield line, f"{call.function} with if_not_exists keeps an older policy's figures without a word."
