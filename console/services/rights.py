"""Which rights a role lacks for what the server has just refused: by the exact GRANT, for one place knows how to ask.

The server names no table in that error but in its words, which are of many languages; whoever asks knows what he needs.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, NoPrivilege
from console.row import Row

OWNER = "OWNER"
"""Beside the privileges of tables: only who has the rights of a table's owner may change what it is made of."""

LEDGER: Mapping[str, Sequence[str]] = {"emr_console.event": (OWNER,)}
"""What every change takes that stands in the ledger: only its owner writes there."""

_LACKING = Query(__package__, "rights")


class Lacking(Row):
    """What our role lacks on one table."""

    schema_name: str
    """Its schema."""
    table_name: str
    """Its name there."""
    usage: bool
    """Whether it lacks the schema's USAGE, too."""
    privileges: list[str]
    """What it may not do with the table, as GRANT spells it."""
    owner: str | None
    """Whose rights it would take; None where it has them, or they are not needed."""


@asynccontextmanager
async def naming(session: Session, needed: Mapping[str, Sequence[str]], state: str) -> AsyncIterator[None]:
    """What is done inside needs these privileges, by the schema and name of each table.

    Where the server says no, NoPrivilege tells which of them our role lacks, and that things stand as `state` says.
    """
    try:
        yield
    except NoPrivilege as error:
        error.state = error.state or state
        wanted = [(table, privilege) for table, privileges in needed.items() for privilege in privileges]
        tables, privileges = [table for table, _ in wanted], [privilege for _, privilege in wanted]
        with suppress(ConsoleError):  # nothing can be asked in a transaction that has failed
            found = await session.fetch(_LACKING, Lacking, tables=tables, privileges=privileges)
            error.hint = remedy(found, (await session.server()).user) or error.hint
        raise


def remedy(found: Sequence[Lacking], user: str) -> str:
    """What gives a role these rights, as a sentence.

    >>> known = {"schema_name": "ward", "table_name": "beds", "usage": True, "owner": None}
    >>> remedy([Lacking(**known, privileges=["SELECT"])], "ana")
    'A superuser can give the right: GRANT USAGE ON SCHEMA ward TO "ana"; GRANT SELECT ON ward.beds TO "ana";'
    """
    owners = sorted({each.owner for each in found if each.owner})
    whose = f"{' or '.join(owners)}, who owns what this changes, or as a member of that role"
    owned = f"Connect as {whose}." if owners else ""
    schemas = sorted({each.schema_name for each in found if each.usage and not each.owner})
    grants = [f"GRANT USAGE ON SCHEMA {', '.join(schemas)} TO {quote(user)};"] if schemas else []
    by_rights: dict[str, list[str]] = {}
    for each in found:
        if each.privileges:
            by_rights.setdefault(", ".join(each.privileges), []).append(f"{each.schema_name}.{each.table_name}")
    grants += [f"GRANT {rights} ON {', '.join(tables)} TO {quote(user)};" for rights, tables in by_rights.items()]
    given = f"A superuser can give the right: {' '.join(grants)}" if grants else ""
    return " ".join(part for part in (owned, given) if part)
