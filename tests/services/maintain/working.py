"""Audit rows of any time, and maintain run on them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from console.db.session import Session
from console.services.maintain import service
from console.services.maintain.models import Result
from console.services.maintain.steps import Terms
from tests.migrate.working import ask, one
from tests.targets import target

TABLES = ("audit_logs", "audit_log_details")

INSERT = {
    "audit_logs": "insert into audit_logs (action, entity_type, entity_id, user_id, changes, request_id, created_at) "
    "select 'TEST', 'TEST', gen_random_uuid(), gen_random_uuid(), '{}', gen_random_uuid(), t "
    "from unnest(%s::timestamptz[]) t returning id",
    "audit_log_details": "insert into audit_log_details (audit_log_id, audit_log_created_at, created_at) "
    "select gen_random_uuid(), t, t from unnest(%s::timestamptz[]) t returning id",
}
"""Rows at these times, by table; answers their ids."""


def write(dsn: str, days: Sequence[float], table: str = "audit_logs") -> None:
    """One committed row so many days from now each."""
    ask(dsn, INSERT[table], [datetime.now(UTC) + timedelta(days=each) for each in days])


def make_weeks(dsn: str, days: Sequence[float]) -> None:
    """Partitions for rows so many days from now, as were made when those days came."""
    for each in days:
        moment = datetime.now(UTC) + timedelta(days=each)
        ask(dsn, "select audit_ensure_partitions(%s, %s)", moment, moment)


def forget_weeks(dsn: str, weeks: int = 3) -> None:
    """Drop the last weeks of both tables, as if nobody had made them."""
    newest = (
        "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
        " where i.inhparent = %s::regclass and c.relname !~ 'default' order by 1 desc limit %s"
    )
    for table in TABLES:
        for (week,) in ask(dsn, newest, table, weeks):
            ask(dsn, f"drop table {week}")


def spare(dsn: str) -> list[int]:
    """Rows in DEFAULT, by table."""
    return [one(dsn, f"select count(*) from {table}_default") for table in TABLES]


def gaps(dsn: str, weeks: int = 8) -> int:
    """Hours of the coming weeks without a partition of their own, of both tables; asked of the partitions' bounds."""
    return int(
        one(
            dsn,
            """
            select count(*) from unnest(array['audit_logs', 'audit_log_details']::regclass[]) t
            cross join generate_series(now(), now() + %s * interval '7 days' - interval '1 hour', interval '1 hour') h
            where not exists (
                select from pg_inherits i join pg_class c on c.oid = i.inhrelid,
                       regexp_matches(pg_get_expr(relpartbound, c.oid), $$FROM \\('(.+)'\\) TO \\('(.+)'\\)$$) b
                where i.inhparent = t and h >= b[1]::timestamptz and h < b[2]::timestamptz)
            """,
            weeks,
        )
    )


def unguarded(dsn: str) -> list[str]:
    """Partitions that have lost a trigger: of rows, inherited, or of TRUNCATE, their own."""
    found = ask(
        dsn,
        """
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent in ('audit_logs'::regclass, 'audit_log_details'::regclass)
          and (select count(*) filter (where t.tgname like '%append_only' and t.tgenabled = 'O') = 1
                  and count(*) filter (where t.tgname like '%no_truncate' and t.tgenabled = 'O') = 1
                 from pg_trigger t where t.tgrelid = c.oid) is not true
        """,
    )
    return [name for (name,) in found]


async def run(dsn: str, **terms: object) -> list[Result]:
    """One maintain; keywords are those of Terms."""
    wanted = Terms(**terms)  # type: ignore[arg-type] # keywords of each test's own
    told: list[Result] = []
    async with await Session.open(
        target(dsn), service.MAINTAINING.lane, settings=service.SETTINGS, read_only=wanted.dry_run
    ) as session:
        results = await service.maintain(session, wanted, told.append)
    assert told == results
    return results


def brief(results: Sequence[Result]) -> list[tuple[str, str]]:
    """Step and outcome of each, refreshes left out."""
    return [(result.step, result.outcome) for result in results if result.step != "refresh"]
