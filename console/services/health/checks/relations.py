"""Vacuum, indexes and sequences."""

from console.db.identifiers import literal, quote
from console.iso import to_minute
from console.services.health.check import Around, Check, above, crit, ok, unknown
from console.services.health.models import Verdict
from console.services.health.schema_models import Relations
from console.services.health.sources import RELATIONS
from console.services.health.vacuum import behind
from console.units import bytes_text, count, number_of, percent


def dead_rows(found: Relations, around: Around) -> Verdict:
    """Tables that carry more dead rows than vacuum should let them."""
    if not found.dead:
        return ok("vacuum keeps up with every table")
    table = found.dead[0]
    more = f", and {number_of(found.dead_tables - 1, 'table')} more" if found.dead_tables > 1 else ""
    since = f", last vacuumed {to_minute(table.vacuumed)}" if table.vacuumed else ", not vacuumed"
    said = f"{table.table}: {100 * table.share:.0f} % dead rows ({count(table.dead)}){since}{more}"
    remedy = "\n".join(f"vacuum (analyze) {each.table};" for each in found.dead)
    return behind(table.share, around.limits, said, remedy)


def broken_indexes(found: Relations, around: Around) -> Verdict:
    """Indexes that a failed build left behind, kept up by every write and used by no reader; chunks that lack one."""
    if not found.broken:
        return _lacking(found)
    first, others = found.broken[0], len(found.broken) - 1
    said = f"invalid index {first.index}{f', and {others} more' if others else ''}"
    remedy = "\n".join(f"reindex index concurrently {each.index};" for each in found.broken)
    return crit(said, len(found.broken), 1, remedy=remedy)


def _lacking(found: Relations) -> Verdict:
    if not found.lacking:
        return ok("every index is valid", 0)
    first, others = found.lacking[0], len(found.lacking) - 1
    said = f"chunk {first.chunk} lacks an index of {first.table}{f', and {others} more' if others else ''}"
    tables = sorted({each.table for each in found.lacking})
    remedy = [
        f"select pg_get_indexdef(indexrelid) from pg_index where indrelid = {literal(table)}::regclass;"
        for table in tables
    ]
    return crit(said, len(found.lacking), 1, remedy="\n".join([*remedy, "-- make on the chunk what it lacks of these"]))


def unused_indexes(found: Relations, around: Around) -> Verdict:
    """Large indexes that nobody uses; worth knowing, never worse: a report of once a year may need one."""
    if not found.unused_indexes:
        return ok("every large index is used", 0)
    first = found.unused[0]
    many = number_of(found.unused_indexes, "unused index", "unused indexes")
    said = f"{many}, {bytes_text(found.unused_bytes)}; largest: {first.index}"
    return ok(said, found.unused_indexes)


def sequences(found: Relations, around: Around) -> Verdict:
    """Sequences that run out of numbers: the insert after the last one fails."""
    limits, user = (around.limits.sequence_warn, around.limits.sequence_crit), around.server.user
    first = found.sequences[0] if found.sequences else None
    if first is not None and first.share >= limits[0]:
        remedy = f"alter sequence {first.name} as bigint;  -- and the column that it fills"
        said = f"sequence {first.name} has used {percent(first.share / 100)} of its numbers"
        return above(first.share, limits, said, remedy)
    if found.hidden_sequences:
        said = f"{number_of(found.hidden_sequences, 'sequence')} hidden from {user}"
        schemas = ", ".join(found.hidden_in)
        return unknown(said, remedy=f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schemas} TO {quote(user)};")
    return ok(f"sequences: {first.share:.0f} % used at most" if first else "no sequence in use")


CHECKS = (
    Check("D14", "Dead rows", RELATIONS, dead_rows, "database"),
    Check("H18", "Invalid indexes", RELATIONS, broken_indexes, "database"),
    Check("D15", "Unused indexes", RELATIONS, unused_indexes, "database"),
    Check("D16", "Sequences", RELATIONS, sequences, "database"),
)
"""What can be told of tables and what hangs on them."""
