"""What a list is when it has no rows and cannot have any."""

from collections.abc import Sequence

from console.errors import Unsupported


def explain_nothing(rows: Sequence[object], missing: Sequence[str]) -> None:
    """Raise what is missing here where it leaves no row at all; else it is a remark below the rows."""
    if missing and not rows:
        raise Unsupported(missing[0], hint=" ".join(missing[1:]))
