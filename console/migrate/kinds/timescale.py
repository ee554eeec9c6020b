"""The functions and procedures whose effect is known although it is in no word: those of TimescaleDB and pg_cron.

Sources: https://docs.timescale.com/api/latest/ and, for locks and transactions, what TimescaleDB 2.28 did.
"""

from collections.abc import Callable
from dataclasses import replace

from console.migrate.kinds.models import Action, Call, Lock, Object, Tokens
from console.migrate.kinds.reader import identifier, literal

_POLICIES = {
    "retention_policy": "retention",
    "compression_policy": "compression",
    "columnstore_policy": "compression",
    "continuous_aggregate_policy": "refresh",
    "reorder_policy": "reorder",
}
_HARMLESS = frozenset(
    """
    alter_job approximate_row_count by_hash by_range chunks_detailed_size hypertable_size hypertable_detailed_size
    set_chunk_time_interval set_integer_now_func show_chunks time_bucket time_bucket_gapfill
    """.split()  # noqa: SIM905 - a word a line would bury the rest
)


def relation(tokens: Tokens) -> str:
    """The table that a regclass argument names as a string; empty where it is no string.

    >>> relation(("'public.Tasks'", "::", "regclass"))
    'public.tasks'
    """
    text = literal(tokens)
    return ".".join(identifier(part) for part in text.split(".")) if text else ""


def is_on(tokens: Tokens) -> bool:
    """Whether a boolean argument says yes."""
    return " ".join(tokens).lower().strip("'") in ("true", "t", "on", "1")


def known(call: Call, kind: str) -> Action | None:
    """What one call does; None for a function whose effect is not known."""
    name = call.function.rpartition(".")[2] if not call.function.startswith("cron.") else call.function
    verb, _, policy = name.partition("_")
    base = Action(kind, calls=(call,))
    if name in _HARMLESS:
        return base
    if verb in ("add", "remove") and policy in _POLICIES:
        job = Object("job", _POLICIES[policy], relation(call.argument("relation", 0)) or None)
        return replace(base, creates=(job,)) if verb == "add" else replace(base, drops=(job,))
    read = _KNOWN.get(name)
    return read(base, call) if read else None


def _hypertable(base: Action, call: Call) -> Action:
    table = relation(call.argument("relation", 0) or call.argument("main_table"))
    moves = is_on(call.argument("migrate_data"))
    return replace(
        base,
        alters=(Object("table", table),) if table else (),
        locks=(Lock(table, "ACCESS EXCLUSIVE"),) if table else (),
        work="copy" if moves else "nothing",
        why="moves every row into chunks" if moves else "",
    )


def _outside(base: Action, call: Call) -> Action:
    return replace(base, work="copy", why="computes the aggregate from the rows", transactional=False)


def _chunk(base: Action, call: Call) -> Action:
    return replace(base, work="rewrite", why="writes every row of the chunk anew")


def _job(base: Action, call: Call) -> Action:
    return replace(base, creates=(Object("job", literal(call.argument("job_name", 0)) or ""),))


def _no_job(base: Action, call: Call) -> Action:
    return replace(base, drops=(Object("job", literal(call.argument("job_name", 0)) or ""),))


def _drop_chunks(base: Action, call: Call) -> Action:
    table = relation(call.argument("relation", 0))
    return replace(base, alters=(Object("table", table),) if table else ())


_KNOWN: dict[str, Callable[[Action, Call], Action]] = {
    "create_hypertable": _hypertable,
    "refresh_continuous_aggregate": _outside,
    "compress_chunk": _chunk,
    "decompress_chunk": _chunk,
    "convert_to_columnstore": _chunk,
    "convert_to_rowstore": _chunk,
    "add_job": _job,
    "delete_job": _no_job,
    "cron.schedule": _job,
    "cron.unschedule": _no_job,
    "drop_chunks": _drop_chunks,
}
"""What each function does beside the policies, which are alike."""
