"""The demo's own folder on this machine: where it is, who uses it now, and what was built in it."""

import errno
import fcntl
import json
import os
import shlex
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from console import folders
from console.demo.account import Account
from console.demo.room import NO_ROOM
from console.errors import Exit, Refused

MARKER = "built.json"

CODES = {errno.EROFS: Exit.READ_ONLY, **dict.fromkeys(NO_ROOM, Exit.OUT_OF_SPACE)}
"""Of what hinders a folder and has a code of its own."""

_ELSEWHERE = "XDG_STATE_HOME (for root: TMPDIR)"
"""What decides where it is."""


def location(account: Account) -> Path:
    """The state directory of the person; for root a place that the server's account can reach."""
    if not account.process:
        return folders.state() / "demo"
    return common_folder() / f"{folders.NAME}-demo"


def common_folder() -> Path:
    """The system's temporary folder, even where TMPDIR names a folder of root alone."""
    named = Path(tempfile.gettempdir()).resolve()
    open_to_all = all(folder.stat().st_mode & stat.S_IXOTH for folder in (named, *named.parents))
    return named if open_to_all else Path("/tmp")


def prepare(home: Path, account: Account) -> None:
    """Make the folder, private; Refused when somebody else has made it, for example below /tmp."""
    try:
        str(home).encode()
    except UnicodeEncodeError:
        raise _unusable(f"The name of the demo's folder {home} is not UTF-8") from None
    try:
        home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            home.mkdir(mode=0o700)
        found = home.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
            account.admit(home)
            return
    except OSError as error:
        raise _unusable(f"The demo's folder {home} cannot be made, or not be written to", error) from error
    raise _unusable(f"The demo's folder {home} belongs to somebody else, or is no folder")


def check_data(data: Path) -> None:
    """Refuse a data directory that a link leads to: what is elsewhere is not ours to serve, to stop or to delete."""
    if data.is_symlink():
        raise Refused(
            f"The demo's data directory {data} is a link to {data.readlink()}.",
            state="Nothing was started, and what it leads to was not touched.",
            hint=f"Remove the link; to keep the demo elsewhere set {_ELSEWHERE} to another place.",
        )
    if data.exists() and not data.is_dir():
        raise _unusable(f"The demo's data directory {data} is no folder")


def _unusable(what: str, error: OSError | None = None) -> Refused:
    said, code = (f" ({error.strerror})", CODES.get(error.errno or 0)) if error else ("", None)
    hint = f"Look at it, and remove it if nobody needs it; or set {_ELSEWHERE} to another place."
    if code is not None:
        hint = f"Mend that, or set {_ELSEWHERE} to another place."
    return Refused(f"{what}{said}.", state="Nothing was started.", hint=hint, exit=code)


@contextmanager
def private() -> Iterator[None]:
    """Make no file that the server's account may write: what root reads or removes by it must be root's own word."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def occupied(home: Path) -> Iterator[None]:
    """Hold the folder as long as this process lives; Refused while another demo holds it."""
    try:
        # Never through a link that somebody has put there: it is written to.
        opened = os.open(home / "lock", os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise _unusable(f"The file {home / 'lock'} cannot be written", error) from error
    with os.fdopen(opened, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise _second_demo(file.read().strip()) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def announce(home: Path, dsn: str) -> None:
    """Tell whoever finds the folder occupied how to reach what runs here."""
    with (home / "lock").open("a") as file:
        file.write(f"{dsn}\n")


def _second_demo(told: str) -> Refused:
    pid, _, dsn = told.partition("\n")
    another = f"; another console opens on it with: emr-console --dsn {shlex.quote(dsn)}" if dsn else ""
    return Refused(
        f"Another demo is running (process {pid or 'unknown'}).",
        state="It goes on; nothing was started or changed.",
        hint=f"Use that one, or end it first; for one more set {_ELSEWHERE} to another place{another or '.'}",
    )


@dataclass(frozen=True, slots=True)
class Built:
    """What a complete demo holds."""

    scale: float
    """How much data."""
    counts: dict[str, int]
    """Rows by table."""
    migrations: str
    """A hash of the migrations it was built with."""


def remember(home: Path, built: Built) -> None:
    """Say that everything is there; done last, so that an interrupted build is noticed."""
    partial = home / "built.partial"
    remove(partial)
    partial.write_text(json.dumps(asdict(built)))
    partial.rename(home / MARKER)


def built(home: Path) -> Built | None:
    """What was remembered; None when nothing, or nothing complete, is there."""
    try:
        return Built(**json.loads((home / MARKER).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def remove(path: Path) -> None:
    """Whatever is there; of a link only itself, since what it leads to is not ours."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def forget(home: Path) -> None:
    """Take it back, before the first file goes."""
    remove(home / MARKER)
