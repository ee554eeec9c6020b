"""What the checks of TimescaleDB read besides what the services of storage and jobs tell."""

from console.row import Row


class Extension(Row):
    """Which TimescaleDB is here."""

    installed: str
    """The version in this database."""
    available: str | None
    """The version whose files are on the server."""
    license: str | None
    """timescale or apache."""
    restoring: bool
    """Whether a restore was begun here, and never ended: no job runs until it is."""
