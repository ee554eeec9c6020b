"""What knex wrote down."""

from datetime import datetime

from console.row import Row


class KnexRow(Row):
    """One row of knex_migrations; a hint, not a proof."""

    id: int
    """Its number."""
    name: str
    """The file, such as 004_add_patients_table.ts."""
    batch: int | None
    """knex's run, counted."""
    migration_time: datetime | None
    """When knex says it ran."""
