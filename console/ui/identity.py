"""Which database a screen is about, and as whom it is seen."""

from dataclasses import dataclass

from console.ui.text import sanitise


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which database, as whom; what is not known yet is empty."""

    profile: str = ""
    """The profile, or how else the target was chosen."""
    production: bool = False
    """Whether it must be treated as production."""
    user: str = ""
    """The role."""
    host: str = ""
    """The server."""
    database: str = ""
    """The database."""
    role: str = ""
    """primary or standby."""
    version: str = ""
    """PostgreSQL's, such as 18.6."""
    flavour: str = ""
    """Such as `timescale 2.23.0`, or `plain`."""
    audited: bool = False
    """Whether what is looked at is recorded."""

    @property
    def place(self) -> str:
        """user@host/database.

        >>> Identity(user="dba", host="db1", database="emr").place
        'dba@db1/emr'
        """
        host = f"@{self.host}" if self.host else ""
        return sanitise(f"{self.user}{host}/{self.database}") if self.database else ""

    @property
    def labelled_place(self) -> str:
        """The place as it stands before a change, which says aloud where it is production.

        >>> Identity(user="dba", host="db1", database="emr", production=True).labelled_place
        'PRODUCTION dba@db1/emr'
        """
        return f"{'PRODUCTION ' if self.production else ''}{self.place}"
