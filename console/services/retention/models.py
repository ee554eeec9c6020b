"""Tables, their retention policies, and legal holds, as the database tells them."""

from dataclasses import dataclass
from datetime import datetime

from console.row import Row


class Place(Row):
    """A table."""

    table_schema: str
    """Its schema."""
    table_name: str
    """Its name there."""

    @property
    def told(self) -> str:
        """Schema and name, for people."""
        return f"{self.table_schema}.{self.table_name}"


class Hold(Row):
    """One legal hold: while it stands, no action of ours drops rows of its table."""

    id: int
    """Its number."""
    table_schema: str
    """The schema of the table."""
    table_name: str
    """Its name; a table of the same name that replaces it is held as well."""
    name: str
    """What the hold is called."""
    reason: str
    """Why it was placed."""
    placed_at: datetime
    """When."""
    placed_by: str
    """By whom: account and machine."""
    paused_jobs: list[int]
    """Retention jobs that stand still for it, to be resumed with the table's last hold."""

    @property
    def table(self) -> str:
        """Schema and name of the table, for people."""
        return f"{self.table_schema}.{self.table_name}"

    @property
    def told(self) -> str:
        """The hold in words, behind the name of its table."""
        return f'"{self.name}" of {self.placed_by} since {self.placed_at.date()} ({self.reason})'


class Policy(Row):
    """The job of a retention policy."""

    job_id: int
    """Its number."""
    scheduled: bool
    """Whether it runs by itself."""
    running: bool
    """Whether it is at work now, as far as our role may see."""


class Sight(Row):
    """Whether the holds can be read."""

    there: bool
    """Whether this database has a place for them."""
    readable: bool
    """Whether our role sees all of them, in a plain table."""


@dataclass(frozen=True, slots=True)
class Change:
    """What placing or releasing a hold has come to."""

    hold: Hold
    """The hold."""
    jobs: list[int]
    """Retention jobs that were paused, or resumed."""
    running: list[int]
    """Of those that were paused, the ones at work at that moment: what they had begun they may finish."""
    others: list[str]
    """Other holds that stand on the table."""
    where: str
    """Where it is written down, in a sentence."""
