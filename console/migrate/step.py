"""One migration in one direction, ready to be run."""

from dataclasses import dataclass

from console.migrate.files import Migration, Script
from console.migrate.models import Recorded


@dataclass(frozen=True, slots=True)
class Up:
    """A migration to be applied."""

    migration: Migration
    """Its files."""

    @property
    def version(self) -> str:
        """Its number."""
        return self.migration.version

    @property
    def label(self) -> str:
        """Version and name."""
        return self.migration.label

    @property
    def script(self) -> Script:
        """What runs."""
        return self.migration.up

    @property
    def verify(self) -> Script | None:
        """What must hold before the commit."""
        return self.migration.verify


@dataclass(frozen=True, slots=True)
class Down:
    """A migration to be undone."""

    recorded: Recorded
    """Its row in the ledger."""
    script: Script
    """What runs: the file's way back or the stored one."""
    stored: bool
    """Whether it is the ledger's text, because the file is missing or another up stands in it."""

    verify = None
    """Nothing says what must hold before a migration."""

    @property
    def version(self) -> str:
        """Its number."""
        return self.recorded.version

    @property
    def label(self) -> str:
        """Version and name."""
        return self.recorded.label


Step = Up | Down
"""One migration in one direction."""
