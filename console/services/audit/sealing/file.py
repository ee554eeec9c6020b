"""Seals in a file, to be kept where nobody who can write to the database can change them: a chain that somebody makes
anew from its beginning is told by nothing else."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from console.errors import UsageError
from console.services.audit.export.file import write_new
from console.services.audit.sealing.models import Seal

LARGEST = 100_000_000
"""Bytes of a file that is read."""


def write(path: Path, seals: Sequence[Seal], as_of: datetime, database: str) -> None:
    """Write seals into a new file, for its owner alone."""
    head = {"database": database, "as_of": as_of.isoformat()}
    whole = head | {"seals": [seal.model_dump(mode="json") for seal in seals]}
    write_new(path, json.dumps(whole, indent=1).encode("ascii") + b"\n")


def read(path: Path) -> dict[str, dict[int, str]]:
    """The seals of such a file by table and number; UsageError where it is none."""
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("too large")
        seals = [Seal.model_validate(each) for each in json.loads(path.read_bytes())["seals"]]
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", state="Nothing was verified.") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UsageError(
            f"{path} is no file of seals.",
            state="Nothing was verified.",
            hint="emr-console audit seal --export FILE writes one.",
        ) from error
    known: dict[str, dict[int, str]] = {}
    for seal in seals:
        known.setdefault(seal.table_name, {})[seal.number] = seal.seal
    return known
