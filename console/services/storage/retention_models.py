"""Audit tables, and what else drops rows, as the server tells them."""

from datetime import datetime

from console.row import Row


class AuditTable(Row):
    """A table that holds audit rows by its name, or what a rollback has put aside of one."""

    oid: int
    """The server's number of it."""
    schema_name: str
    """Its schema."""
    table_name: str
    """Its name there."""
    rows: int | None
    """Rows in it, as the statistics have counted them; None where nobody has."""


class CronDrop(Row):
    """A job of pg_cron that drops or deletes rows, as its command reads."""

    id: int
    """Its number."""
    tables: list[str]
    """The tables it names, of those that were asked about; `audit` where it calls a function of that name."""
    schedule: str
    """When it runs."""
    active: bool
    """Whether it does."""


class LastRetired(Row):
    """When `emr-console maintain` last looked for partitions that may go."""

    at: datetime | None
    """When; None where it has not in its last ten thousand events."""
