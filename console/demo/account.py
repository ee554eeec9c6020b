"""Which operating system account the server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from console.errors import Refused

# nobody first: a demo superuser can run programs as this account, and postgres may own a real server's files.
CANDIDATES = ("nobody", "postgres")


class ProcessOptions(TypedDict, total=False):
    """What subprocess needs to start a program as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """An account that exists; we create none."""

    name: str
    """Its login name."""
    uid: int
    """Its number."""
    gid: int
    """Its group's number."""

    @property
    def process(self) -> ProcessOptions:
        """Options for subprocess; none when we are this account already."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Hand a file or folder of ours to this account."""
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def admit(self, folder: Path) -> None:
        """Make a folder of ours private, yet passable for this account: it may pass through, not change it.

        What root writes there, the account must not be able to turn into a link to somewhere else.
        """
        folder.chmod(0o700)
        if self.uid != os.geteuid():
            os.chown(folder, -1, self.gid)
            folder.chmod(0o710)


def _ourselves() -> Account:
    try:
        return Account(pwd.getpwuid(os.geteuid()).pw_name, os.geteuid(), os.getegid())
    except KeyError:
        raise Refused(
            f"PostgreSQL does not run as an account without a name, and yours (number {os.geteuid()}) has none.",
            state="Nothing was started.",
            hint="Give it one in /etc/passwd, or run this command as another user.",
        ) from None


def unprivileged() -> Account:
    """Ourselves, or an account without rights when we are root."""
    if os.geteuid() != 0:
        return _ourselves()
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for entry in (known[name] for name in CANDIDATES if name in known):
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise Refused(
        "PostgreSQL does not run as root, and there is no account nobody or postgres to run it as.",
        state="Nothing was started.",
        hint="Run this command as an ordinary user.",
    )
