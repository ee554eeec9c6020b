"""What lint says."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["E", "W"]
"""E refuses without a written waiver, W warns."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule has found."""

    rule: str
    """Its rule, such as EM08."""
    severity: Severity
    """How bad it is."""
    file: str
    """The file's name."""
    line: int
    """The line of the statement, or 1 where it is about the whole file."""
    message: str
    """What is wrong and why, as sentences."""
    waived: str | None = None
    """Why the file says that the rule does not hold for it; None where it says nothing."""

    @property
    def refuses(self) -> bool:
        """Whether it stops the migration."""
        return self.severity == "E" and self.waived is None
