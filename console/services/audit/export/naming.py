"""The name of an export says its format: one rule for the dialog and for the command line."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from console.errors import UsageError
from console.services.audit.export.models import Format

FORMATS: tuple[Format, ...] = get_args(Format)
"""How a file can be written; each is an ending, too."""

_LINES = ".ndjson"
"""What holds one object a line: JSON lines, or FHIR behind `.fhir`."""


def format_of(file: str) -> Format | None:
    """The format that the name of a file says; None where it says none.

    >>> format_of("~/may.csv"), format_of("may.FHIR"), format_of("may.fhir.ndjson"), format_of("may.ndjson")
    ('csv', 'fhir', 'fhir', None)
    """
    path = Path(file)
    if path.suffix.lower() == _LINES:
        return "fhir" if Path(path.stem).suffix.lower() == ".fhir" else None
    return next((each for each in FORMATS if f".{each}" == path.suffix.lower()), None)


def path_of(file: str) -> Path:
    """Where a file goes; FHIR is JSON, one object a line.

    >>> str(path_of("/tmp/may.fhir")), str(path_of("/tmp/may.csv"))
    ('/tmp/may.fhir.ndjson', '/tmp/may.csv')
    """
    path = Path(file).expanduser()
    return path.with_name(f"{path.name}{_LINES}") if path.suffix.lower() == ".fhir" else path


def trouble(file: str, formats: Sequence[Format] = FORMATS) -> str:
    """What is wrong with the name of a file; empty if nothing.

    >>> trouble("may.txt", ("html", "csv")), trouble("may.html", ("html", "csv"))
    ('It ends in one of .html, .csv.', '')
    """
    return "" if format_of(file) in formats else f"It ends in one of {', '.join(f'.{each}' for each in formats)}."


def chosen(output: Path, said: Format | None, formats: Sequence[Format]) -> Format:
    """The format that is meant: what is said, else what the name says; UsageError where they differ, or neither does.

    >>> chosen(Path("may.html"), None, FORMATS), chosen(Path("may"), "csv", FORMATS)
    ('html', 'csv')
    """
    named = format_of(output.name)
    if said is not None and named not in (None, said):
        raise _wrong(f"{output.name} is the name of {named}, and --format says {said}.", formats)
    if said is not None:
        return said
    if named is None or named not in formats:
        raise _wrong(f"The name {output.name} does not say how the file is written.", formats)
    return named


def _wrong(message: str, formats: Sequence[Format]) -> UsageError:
    endings, words = ", ".join(f".{each}" for each in formats), ", ".join(formats)
    return UsageError(
        message, state="Nothing was exported.", hint=f"End it in {endings}, or add --format with one of {words}."
    )
