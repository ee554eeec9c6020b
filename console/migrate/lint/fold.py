"""How a statement changes what exists."""

import re
from collections.abc import Iterable
from dataclasses import replace

from console.migrate.kinds.models import Action, Analysis, Column, Object
from console.migrate.kinds.reader import identifier
from console.migrate.kinds.timescale import is_on
from console.migrate.lint import hypertables
from console.migrate.lint.world import Table, View, World, bare

_WORDS = re.compile(r"[\w$]+")
_GO_WITH_COLUMN = frozenset({"index", "constraint"})
_RELATIONS = ("table", "foreign table")
_VIEWS = ("view", "materialized view")


def after(world: World, statement: Analysis) -> World:
    """What exists once a statement has run. What stands in a DO block is taken to run, and to be uncertain."""
    for each in statement.flat():
        for action in each.actions:
            world = _after(world, action)
    return replace(world, untold=world.untold | untold(statement)) if statement.opaque else world


def untold(statement: Analysis) -> frozenset[str]:
    """Every word of a statement that may do more than can be told, also those in its strings; else none."""
    return frozenset(_WORDS.findall(" ".join(statement.tokens).lower())) if statement.opaque else frozenset()


def _after(world: World, action: Action) -> World:
    if action.kind == "COMMENT":
        return world
    for thing in action.drops:
        world = _without(world, _local(thing))
    if action.renamed is not None:
        for thing in action.alters:
            world = _renamed(world, _local(thing), action.renamed)
    else:
        world = _changed(world, action)
    if action.temporary:
        return replace(world, untold=world.untold | {bare(thing.name) for thing in action.creates})
    if action.creates or action.constraints:
        world = _with(world, action)
    return hypertables.applied(world, action)


def _local(thing: Object) -> Object:
    return Object(thing.kind, bare(thing.name), bare(thing.of) if thing.of else None)


def _without(world: World, gone: Object) -> World:
    """The world without an object and what belongs to it."""
    objects = {
        thing: names
        for thing, names in world.objects.items()
        if not (_is(thing, gone) or _goes_with(thing, names, gone))
    }
    tables = {name: table for name, table in world.tables.items() if (gone.kind, gone.name) != ("table", name)}
    views = {name: view for name, view in world.views.items() if gone.kind not in _VIEWS or gone.name != name}
    if gone.of in tables and gone.kind in ("column", "constraint"):
        tables[gone.of] = _reduced(tables[gone.of], gone)
    return replace(world, objects=objects, tables=tables, views=views)


def _is(thing: Object, gone: Object) -> bool:
    """Whether they are the same; DROP INDEX does not say the table."""
    return (thing.kind, thing.name) == (gone.kind, gone.name) and gone.of in (thing.of, None)


def _goes_with(thing: Object, names: frozenset[str], gone: Object) -> bool:
    if gone.kind == "column":
        return thing.kind in _GO_WITH_COLUMN and thing.of == gone.of and gone.name in names
    return thing.of == gone.name and gone.kind in (*_RELATIONS, *_VIEWS, "type")


def _reduced(table: Table, gone: Object) -> Table:
    """A table without a column or a constraint."""
    if gone.kind == "constraint":
        return replace(table, constraints=tuple(each for each in table.constraints if each.name != gone.name))
    columns = table.columns and tuple(column for column in table.columns if column != gone.name)
    kept = tuple(each for each in table.constraints if gone.name not in each.columns)
    return replace(table, columns=columns, constraints=kept)


def _renamed(world: World, old: Object, name: str) -> World:
    """The world with an object under its new name, and what belongs to it with it."""
    new = Object(old.kind, bare(name), old.of)

    def moved(thing: Object) -> Object:
        if _is(thing, old):
            return Object(thing.kind, new.name, thing.of)
        whole = old.kind in (*_RELATIONS, *_VIEWS, "type") and thing.of == old.name
        return Object(thing.kind, thing.name, new.name) if whole else thing

    objects = {moved(thing): names for thing, names in world.objects.items()}
    tables = {(new.name if old.kind == "table" and key == old.name else key): t for key, t in world.tables.items()}
    views = {
        (new.name if old.kind in _VIEWS and key == old.name else key): _reading(view, old.name, new.name)
        for key, view in world.views.items()
    }
    if old.kind == "column" and old.of in tables:
        columns = tables[old.of].columns
        swapped = columns and tuple(new.name if column == old.name else column for column in columns)
        tables[old.of] = replace(tables[old.of], columns=swapped)
    return replace(world, objects=objects, tables=tables, views=views)


def _reading(view: View, old: str, new: str) -> View:
    """A view goes on reading what it has always read, whatever that is called now."""
    if old not in view.reads:
        return view
    return replace(view, reads=tuple(new if name == old else name for name in view.reads))


def _changed(world: World, action: Action) -> World:
    """Row security, and what SET and WITH options say."""
    for thing in map(_local, action.alters):
        if thing.name in world.tables and action.kind.endswith("ABLE ROW LEVEL SECURITY"):
            enabled = action.kind.endswith("ENABLE ROW LEVEL SECURITY")
            world = _table(world, thing.name, row_security=enabled)
        if thing.name in world.views and "security_invoker" in action.options and action.kind.endswith("SET"):
            view = replace(world.views[thing.name], invoker=is_on((action.options["security_invoker"],)))
            world = replace(world, views=world.views | {thing.name: view})
    return world


def _table(world: World, name: str, **changes: object) -> World:
    changed = replace(world.tables[name], **changes)  # type: ignore[arg-type]  # fields of Table
    return replace(world, tables=world.tables | {name: changed})


def _with(world: World, action: Action) -> World:
    """The world with what an action makes; IF NOT EXISTS makes nothing that is there."""
    made = [_local(thing) for thing in action.creates]
    if action.guard == "IF NOT EXISTS" and any(thing in world.objects for thing in made):
        return world
    names = frozenset(identifier(token) for token in action.query) | {
        column for each in action.constraints for column in each.columns
    }
    # A name that the server chooses, and the job of a table that is not said, could not be found again.
    told = (thing for thing in made if thing.name and (thing.kind != "job" or thing.of))
    world = replace(world, objects=world.objects | dict.fromkeys(told, names))
    for thing in made:
        if thing.kind == "table":
            world = _with_table(world, thing.name, action)
        elif thing.kind in _VIEWS:
            world = replace(world, views=world.views | {thing.name: _view(thing, action)})
    if not action.kind.startswith("CREATE TABLE"):
        world = _with_parts(world, action)
    return world


def _view(made: Object, action: Action) -> View:
    return View(
        tuple(map(bare, action.reads)),
        action.query,
        materialized=made.kind == "materialized view",
        invoker=is_on((action.options.get("security_invoker", ""),)),
        continuous="timescaledb.continuous" in action.options,
    )


def _with_table(world: World, name: str, action: Action) -> World:
    """A new table, with the columns of those that it is made like."""
    if action.kind == "CREATE TABLE AS":
        return replace(world, tables=world.tables | {name: Table(None)})
    like = [world.tables.get(bare(each)) for each in action.reads]
    copied = [column for each in like if each for column in each.columns or ()]
    known = all(each and each.columns is not None for each in like) and action.alters == ()
    columns = (*copied, *(column.name for column in action.columns))
    world = replace(world, tables=world.tables | {name: Table(columns if known else None)})
    world = replace(world, objects=world.objects | _columns(name, columns))
    checks = tuple(check for each in like if each for check in each.constraints if check.kind in ("CHECK", "NOT NULL"))
    return _with_constraints(world, name, replace(action, constraints=(*checks, *action.constraints)))


def _columns(table: str, names: Iterable[str]) -> dict[Object, frozenset[str]]:
    return {Object("column", name, table): frozenset() for name in names}


def _with_parts(world: World, action: Action) -> World:
    """New columns, constraints and unique indexes of a table that is there."""
    target = (*action.alters, *action.creates)[0]
    name = bare(target.of or target.name)
    if name not in world.tables or not (action.columns or action.constraints):
        return world
    return _with_constraints(_with_columns(world, name, action.columns), name, action)


def _with_columns(world: World, name: str, columns: tuple[Column, ...]) -> World:
    known = world.tables[name].columns
    added = tuple(column.name for column in columns)
    return _table(world, name, columns=known if known is None else (*known, *added))


def _with_constraints(world: World, name: str, action: Action) -> World:
    objects = {
        Object("constraint", each.name, name): frozenset(each.columns)
        for each in action.constraints
        if each.name and not action.kind.startswith("CREATE INDEX")
    }
    world = replace(world, objects=world.objects | objects)
    return _table(world, name, constraints=(*world.tables[name].constraints, *action.constraints))
