"""How TimescaleDB's functions and options change what exists."""

import re
from dataclasses import replace

from console.migrate.kinds.models import Action, Call, Tokens
from console.migrate.kinds.reader import literal
from console.migrate.kinds.timescale import is_on, relation
from console.migrate.lint.durations import days
from console.migrate.lint.world import Table, World, bare

_PREFIX = re.compile(r"^(?:timescaledb|tsdb)\.")
_FIRST_WORD = re.compile(r"(?:^|,)\s*(\w+)")


def own_options(action: Action) -> dict[str, str]:
    """The options that are TimescaleDB's, without their prefix and under their older names."""
    if not action.options:
        return {}
    found = {_PREFIX.sub("", name): value for name, value in action.options.items() if _PREFIX.match(name)}
    newer = {"enable_columnstore": "compress", "segmentby": "compress_segmentby", "orderby": "compress_orderby"}
    return {newer.get(name, name): value for name, value in found.items()}


def applied(world: World, action: Action) -> World:
    """The world after the options and calls of an action."""
    given = own_options(action)
    for thing in (*action.creates, *action.alters) if given else ():
        name = bare(thing.name)
        if name in world.tables:
            world = replace(world, tables=world.tables | {name: _with_options(world.tables[name], given)})
    for call in action.calls:
        world = _called(world, call)
    return world


def _with_options(table: Table, given: dict[str, str]) -> Table:
    if "hypertable" in given:
        table = replace(table, partition_column=given.get("partition_column", ""))
    if "compress" in given:
        said = f"{given.get('compress_segmentby', '')},{given.get('compress_orderby', '')}"
        columns = frozenset(_FIRST_WORD.findall(said))
        table = replace(table, compression=columns if is_on((given["compress"],)) else None)
    return table


def _called(world: World, call: Call) -> World:
    function, name = call.function.rpartition(".")[2], policy_target(call)
    if name in world.tables:
        table = _with_call(world.tables[name], function, call)
        return replace(world, tables=world.tables | {name: table})
    if name in world.views and function.endswith("continuous_aggregate_policy"):
        reach = days(call.argument("start_offset", 1)) if function.startswith("add") else None
        return replace(world, views=world.views | {name: replace(world.views[name], reach=reach)})
    return world


def policy_target(call: Call) -> str:
    """The table or aggregate that a call is about; empty where it is no plain string."""
    names = ("relation", "hypertable", "main_table", "continuous_aggregate")
    tokens = next((call.argument(name) for name in names if call.argument(name)), call.argument("", 0))
    return bare(relation(tokens))


def _with_call(table: Table, function: str, call: Call) -> Table:
    if function == "create_hypertable":
        column = call.argument("dimension", 1) or call.argument("time_column_name")
        return replace(table, partition_column=_column(column))
    if function == "add_retention_policy":
        return replace(table, retention=days(call.argument("drop_after", 1)))
    return replace(table, retention=None) if function == "remove_retention_policy" else table


def _column(tokens: Tokens) -> str:
    """The column of 'created_at' or by_range('created_at', ..)."""
    within = tokens[2:] if tokens[1:2] == ("(",) else tokens
    return literal(within[:1]) or ""
