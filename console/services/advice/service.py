"""Gathers what advice on one table needs; reads catalogues and statistics only."""

from collections.abc import Callable, Iterable

from console.db.database import Database
from console.db.pipeline import Request
from console.db.query import Query
from console.services.advice import rules
from console.services.advice.models import Budget, Facts, Report, Spread
from console.services.health.checks.timescale import defects
from console.services.storage.definition import settings_of
from console.services.storage.definition_models import Setting
from console.services.storage.tables import Measures, Table

_BUDGET = Query(__package__, "budget")
_COLUMNS = Query(__package__, "columns")


async def report(db: Database, table: Table, measures: Measures) -> Report:
    """All advice on one table, with what other choices would come to."""
    facts = await _facts(db, table, measures)
    version = (await db.server()).timescaledb
    wrong = defects(version) if version and facts.hypertable else []
    return Report(facts, rules.advise(facts), rules.widths(facts), rules.segments(facts), wrong)


async def _facts(db: Database, table: Table, measures: Measures) -> Facts:
    oid = {"oid": table.divided.oid}
    budget, columns = Request(_BUDGET, Budget, dict(oid)), Request(_COLUMNS, Spread, dict(oid))
    answers = await db.ask(budget, columns)
    settings, sums = await settings_of(db, table), table.sums
    return Facts(
        table=table.label,
        quoted=table.quoted,
        hypertable=table.divided.kind == "hypertable",
        chunks=sums.chunks if sums else 0,
        rows=sums.rows if sums and not sums.unmeasured else None,
        width=None if table.by_number else table.width,
        keeps=table.drop.after if table.drop else None,
        active_index_bytes=table.measure.active_indexes if table.measure else None,
        shared_buffers=measures.shared_buffers,
        budget=answers.rows(budget)[0],
        compresses=bool(settings),
        segment_by=_ordered(settings, lambda each: each.segment),
        order_by=_ordered(settings, lambda each: each.order),
        rows_per_batch=sums.rows_per_batch if sums else None,
        ratio=sums.ratio if sums else None,
        distinct={each.column: each.n_distinct for each in answers.rows(columns)},
    )


def _ordered(settings: Iterable[Setting], place: Callable[[Setting], int | None]) -> list[str]:
    """The columns that have a place, in its order."""
    placed = [(found, each.column) for each in settings if (found := place(each)) is not None]
    return [column for _, column in sorted(placed)]
