"""The SQL that would make a table, one of its parts or a view again."""

from collections.abc import Sequence

from console.db.database import Database
from console.db.identifiers import literal
from console.db.query import Query
from console.services.capabilities import Ability, Capabilities, capabilities
from console.services.storage.aggregates import Aggregate
from console.services.storage.definition_models import Piece, Setting
from console.services.storage.models import spelled
from console.services.storage.tables import Table

_DEFINITION = Query(__package__, "definition")
_SETTINGS = Query(__package__, "compression_settings")
_VIEW = Query(__package__, "aggregate_definition")


async def definition(db: Database, oid: int) -> str:
    """The statements for one relation; empty where it is gone."""
    return composed(await db.fetch(_DEFINITION, Piece, oid=oid))


async def of_table(db: Database, table: Table) -> str:
    """The statements for a table, and what makes it a hypertable with its policies."""
    plain = await definition(db, table.divided.oid)
    if table.divided.kind != "hypertable" or not plain:
        return plain
    settings = await settings_of(db, table)
    return "\n".join([plain, *(f"{line};" for line in timescale(await capabilities(db), table, settings))])


async def settings_of(db: Database, table: Table) -> list[Setting]:
    """By which columns the chunks of a table are compressed; none where they cannot be."""
    able = await capabilities(db)
    if table.divided.kind != "hypertable" or not able.has(Ability.COMPRESSION):
        return []
    place = {"schema_name": table.divided.schema_name, "table_name": table.divided.table_name}
    return await db.fetch(_SETTINGS, Setting, **place)


def composed(pieces: Sequence[Piece]) -> str:
    """Pieces as statements.

    >>> kinds = [("head", "CREATE TABLE a.t"), ("column", "id bigint"), ("tail", "PARTITION BY RANGE (id)")]
    >>> print(composed([Piece(kind=kind, text=text) for kind, text in kinds]))
    CREATE TABLE a.t (
        id bigint
    ) PARTITION BY RANGE (id);
    """
    of = {kind: [piece.text for piece in pieces if piece.kind == kind] for kind in {piece.kind for piece in pieces}}
    if not of:
        return ""
    inside = ",\n".join(f"    {text}" for text in (*of.get("column", ()), *of.get("constraint", ())))
    tail = "".join(f" {text}" for text in of.get("tail", ()))
    own = inside and not tail.startswith(" PARTITION OF")  # there the columns are its table's
    body = f" (\n{inside}\n)" if own else ""
    head = f"{of['head'][0]}{body}{tail};"
    return "\n".join([head, *(f"{text};" for kind in ("index", "trigger") for text in of.get(kind, ()))])


def timescale(able: Capabilities, table: Table, settings: Sequence[Setting]) -> list[str]:
    """What makes a table a hypertable, by the functions that every TimescaleDB of 2.11 to 2.29 has."""
    name, divided = literal(table.quoted), table.divided
    width = f"{divided.interval_number}" if divided.interval is None else _interval(divided.interval)
    call = f"{able.named('create_hypertable')}({name}, {literal(divided.column or '')}, chunk_time_interval => {width})"
    lines = [f"SELECT {call}"]
    if settings:
        lines.append(f"ALTER TABLE {table.quoted} SET ({', '.join(_compression(settings))})")
    for policy in table.policies:
        after = policy.written if policy.after is None else f"INTERVAL {literal(policy.written or '')}"
        what = "add_retention_policy" if policy.drops else "add_compression_policy"
        argument = ("drop" if policy.drops else "compress") + ("_created_before" if policy.by_birth else "_after")
        lines.append(f"SELECT {able.named(what)}({name}, {argument} => {after})")
    return lines


def _compression(settings: Sequence[Setting]) -> list[str]:
    segments = sorted((each for each in settings if each.segment is not None), key=lambda each: each.segment or 0)
    orders = sorted((each for each in settings if each.order is not None), key=lambda each: each.order or 0)
    parting = ", ".join(spelled("public", each.column) for each in segments)
    return [
        "timescaledb.compress",
        f"timescaledb.compress_segmentby = {literal(parting)}",
        *([f"timescaledb.compress_orderby = {literal(', '.join(map(ordered, orders)))}"] if orders else []),
    ]


def ordered(setting: Setting) -> str:
    """A column as the setting of the order spells it.

    >>> at = Setting(column="at", segment=None, order=1, ascending=False, nulls_first=True)
    >>> ordered(at), ordered(at.model_copy(update={"nulls_first": False}))
    ('at DESC', 'at DESC NULLS LAST')
    """
    usual = setting.nulls_first is not setting.ascending
    nulls = "" if usual else f" NULLS {'FIRST' if setting.nulls_first else 'LAST'}"
    return f"{spelled('public', setting.column)} {'ASC' if setting.ascending else 'DESC'}{nulls}"


def _interval(seconds: float) -> str:
    return f"INTERVAL '{seconds / 86_400:g} days'" if seconds % 3_600 == 0 else f"INTERVAL '{seconds:g} seconds'"


async def of_view(db: Database, aggregate: Aggregate) -> str:
    """The statement for an aggregate; of a continuous one as TimescaleDB keeps it."""
    if aggregate.continuous is None:
        return await definition(db, aggregate.view.oid) if aggregate.view else ""
    place = {"schema_name": aggregate.schema, "view_name": aggregate.name}
    found = await db.fetch(_VIEW, Piece, **place)
    return "".join(piece.text for piece in found)
