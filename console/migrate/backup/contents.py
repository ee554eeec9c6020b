"""What every table holds: its exact number of rows, and a sum that any changed row changes."""

from collections.abc import Sequence

from console.db.query import Query
from console.db.session import Session
from console.migrate.backup.models import Content, Name
from console.units import number_of

_TABLES = Query(__package__, "tables")
_SAME_TEXT = Query(__package__, "same_text")


def question(table: str) -> str:
    """The query for one table; `table` is quoted where it must be.

    The row as a whole is written `(t.*)`: a bare `t` would be a column of that name where there is one.
    """
    total = "coalesce(sum(hashtextextended((t.*)::text, 0)::numeric), 0)::text"
    return f"select count(*) as rows, {total} as sum from {table} t"


async def names(session: Session) -> list[str]:
    """Every table whose rows count, in one fixed order."""
    return [row.name for row in await session.fetch(_TABLES, Name)]


async def read(session: Session) -> list[Content]:
    """What every table holds, by the snapshots of the current transaction, whose settings this changes."""
    await session.execute(_SAME_TEXT.text())
    return [await _content(session, table) for table in await names(session)]


async def read_aside(session: Session) -> list[Content]:
    """The same in the middle of a transaction that goes on afterwards as it was."""
    await session.execute("savepoint contents")
    found = await read(session)
    await session.execute("rollback to savepoint contents")
    return found


async def _content(session: Session, table: str) -> Content:
    _, ((rows, total),) = await session.rows(question(table))
    return Content(table=table, rows=rows, sum=total)


def check(tables: Sequence[Content]) -> str:
    """The same as a script for psql, which names every table that does not hold what it should."""
    wrong = (
        f"select {literal(f'{held.table}: {held.rows} rows expected')}, found.rows from ({question(held.table)}) found"
        f" where (found.rows, found.sum) is distinct from ({held.rows}, '{held.sum}')"
        for held in tables
    )
    asked = "\nunion all ".join(wrong) or "select"
    return f"begin read only;\n{_SAME_TEXT.text()}{asked};\nrollback;\n"


def literal(text: str) -> str:
    r"""A string constant, whatever is in it.

    >>> literal("o'clock")
    "'o''clock'"
    """
    return "'" + text.replace("'", "''") + "'"


def differences(backup: Sequence[Content], now: Sequence[Content]) -> list[str]:
    """What is not as in the backup, in sentences without their full stops.

    >>> before = [Content(table="public.tasks", rows=500, sum="7"), Content(table="public.users", rows=2, sum="1")]
    >>> differences(before, [Content(table="public.tasks", rows=501, sum="9")])
    ['public.tasks has 501 rows now and 500 in the backup', 'public.users is gone']
    >>> differences(before[:1], [Content(table="public.tasks", rows=500, sum="8"), before[1]])
    ['public.tasks has 500 rows as in the backup, but not the same', 'public.users is not in the backup']
    """
    held = {content.table: content for content in backup}
    found = {content.table: content for content in now}
    return [
        _difference(table, held.get(table), found.get(table))
        for table in {**held, **found}
        if held.get(table) != found.get(table)
    ]


def _difference(table: str, held: Content | None, now: Content | None) -> str:
    if held is None:
        return f"{table} is not in the backup"
    if now is None:
        return f"{table} is gone"
    if held.rows != now.rows:
        return f"{table} has {number_of(now.rows, 'row')} now and {held.rows} in the backup"
    return f"{table} has {number_of(now.rows, 'row')} as in the backup, but not the same"
