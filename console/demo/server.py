"""One PostgreSQL data directory and the server on it, which is our child and never outlives us on purpose."""

import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from console.db.target import Target
from console.demo import home, pidfile, room, stray
from console.demo.account import Account, unprivileged
from console.demo.process import ENDINGS, ENVIRONMENT, end, run, until
from console.errors import ConnectionFailed, ConsoleError, Exit

SUPERUSER = "postgres"
"""The role that initdb makes."""

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "shared_preload_libraries": "pg_stat_statements",
    # Seven years of weekly partitions are locked together when migration 005 comes or goes.
    "max_locks_per_transaction": "256",
    "log_destination": "stderr",
    "timezone": "UTC",
}
"""Given on the command line at every start, so that an upgrade of ours reaches an old data directory."""

SOCKET_PATH_LIMIT = 90
SHORT = "emr-console-"
"""How the name of a folder begins whose path is short enough."""

START_LIMIT = 60.0
GLANCE = 0.2


class Cluster:
    """A data directory, a socket and a password below `home`, a folder as `console.demo.home.prepare` leaves it."""

    def __init__(self, bindir: Path, home: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.bindir = bindir
        """The folder with initdb, postgres and pg_ctl."""
        self.home = home
        """Holds data, socket, password file and log."""
        self.data = home / "data"
        """The data directory."""
        self.passfile = home / "pgpass"
        """Mode 0600; the only place of the password."""
        self.log = home / "server.log"
        """What the server has said since its last start."""
        self.account: Account = unprivileged()
        """Who the server runs as."""
        self.socket_dir = home / "run"
        """The folder of the socket; elsewhere when this path is too long for one."""
        self._short = home / "socket-dir"  # names the folder elsewhere
        self._settings = {**SETTINGS, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The running server's process; None while it is stopped."""
        return self._process.pid if self._process is not None else None

    def params(self, dbname: str = SUPERUSER) -> dict[str, str]:
        """How to reach a database of this server as its superuser, in libpq's words."""
        return {
            "host": str(self.socket_dir),
            "port": self._settings["port"],
            "dbname": dbname,
            "user": SUPERUSER,
            "passfile": str(self.passfile),
        }

    def target(self, dbname: str = SUPERUSER) -> Target:
        """The same for our own sessions."""
        return Target(self.params(dbname), "the embedded server", environment="development")

    def dsn(self, dbname: str = SUPERUSER) -> str:
        """The same as one string; it names the password file, never the password."""
        return conninfo(self.params(dbname))

    async def create(self) -> None:
        """Make the data directory with a random password, asked for on every connection."""
        password = secrets.token_urlsafe(24)
        self._secret_file(self.passfile, f"*:*:*:*:{password}\n")
        secret = self._secret_file(self.home / "initdb-password", password)
        self.account.give(secret)
        self.data.mkdir(mode=0o700)
        self.account.give(self.data)
        try:
            await self._initdb(f"--pwfile={secret}")
        finally:
            secret.unlink()

    async def start(self) -> None:
        """Start the server and return when it takes connections."""
        self._make_socket_dir()
        self._process = self._launch()
        try:
            await until(self._ready, START_LIMIT)
        except BaseException as problem:
            await self.stop()
            if isinstance(problem, TimeoutError):
                raise self._failed(f"The server was not ready within {START_LIMIT:.0f} s.") from problem
            raise

    async def stop(self, *, keeping: bool = True) -> None:
        """End the server: a fast shutdown; a harder one when that takes too long, or when nothing is to be kept."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            await end(process.send_signal, lambda: process.poll() is not None, ENDINGS if keeping else ENDINGS[1:])
        finally:
            self._remove_short_socket_dir()

    async def ended(self) -> ConsoleError:
        """Wait until the server ends unasked; answers what a person reads then."""
        process = self._process
        assert process is not None
        await until(lambda: process.poll() is not None, None, GLANCE)
        code = process.returncode
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
        if room.SAID.search(self.log_tail()):
            return self._failed(f"The demo's server ended {how}.")
        return ConnectionFailed(
            f"The demo's server ended {how}, which nobody here has asked for.",
            state="Its data are kept.",
            hint=f"Start the demo again, which recovers them; why it ended may be told in {self.log}.",
        )

    async def stop_stray(self) -> bool:
        """Stop what a killed predecessor left at work in this folder; False if there was nothing."""

        def left() -> list[int]:
            return stray.at_work(self.home, self.account)

        def send(sign: signal.Signals) -> None:
            for pid in left():
                stray.send(sign, pid, self.bindir / "pg_ctl", self.account)

        found = left()
        if found:
            await end(send, lambda: not left(), stray.ENDINGS)
            self._remove_short_socket_dir()
        if left():
            what = f"The server that an earlier demo left (process {found[0]}) does not stop."
            raise self._failed(what, state="It is still running.")
        self._forget_server()
        return bool(found)

    def _forget_server(self) -> None:
        """Remove the files of a server that is gone: empty, or with a number in use again, they would stop the next."""
        for path in (pidfile.path(self.data), self.home / "run"):
            try:
                home.remove(path)
            except OSError as error:
                what = f"{path} is in the way, and cannot be removed ({error.strerror})."
                raise ConsoleError(what, state="Nothing was started.", hint="Remove it, then try again.") from error

    async def major(self) -> int:
        """The programs' major version."""
        _, version = await self._run("postgres", "--version")
        return int(version.split()[2].split(".")[0])

    def mend(self) -> bool:
        """Take back the rights that a copy or a broad chmod has given; False where the password is gone."""
        with suppress(PermissionError):  # of what is somebody else's the server says so
            self.data.chmod(0o700)
        if self.passfile.is_symlink() or not self.passfile.is_file() or not self.password():
            return False
        self.passfile.chmod(0o600)
        return True

    def password(self) -> str:
        """What the password file holds, for all roles of this server."""
        return self.passfile.read_text().strip().rpartition(":")[2]

    def log_tail(self, lines: int = 5) -> str:
        """The last things the server said."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def _ready(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise self._failed("The server ended while it was starting.")
        found = pidfile.read(self.data)
        return found is not None and found.pid == self._process.pid and found.ready

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = {**self._settings, "unix_socket_directories": str(self.socket_dir)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        home.remove(self.log)
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [self.bindir / "postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.home,
                env=ENVIRONMENT,
                process_group=0,  # Ctrl-C in the terminal is ours to hear, not the server's
                **self.account.process,
            )

    async def _initdb(self, *options: str) -> None:
        code, said = await self._run(
            "initdb",
            f"--pgdata={self.data}",
            f"--username={SUPERUSER}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            *(await self._locale()),
            *options,
        )
        if code != 0:
            raise self._failed("The data directory could not be made.", why(said))

    async def _locale(self) -> tuple[str, ...]:
        """One sort order everywhere; since 17 PostgreSQL brings it along instead of asking the system."""
        if await self.major() >= 17:
            return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        return ("--locale=C.UTF-8",)

    async def _run(self, program: str, *arguments: str) -> tuple[int, str]:
        return await run(self.bindir / program, *arguments, cwd=self.home, account=self.account)

    def _secret_file(self, path: Path, text: str) -> Path:
        home.remove(path)
        path.touch(mode=0o600)
        path.write_text(text)
        return path

    def _make_socket_dir(self) -> None:
        if not _takes_socket(self.socket_dir):
            self._remove_short_socket_dir()
            folder = Path(tempfile.gettempdir())
            parent = folder if _takes_socket(folder / f"{SHORT}12345678") else Path("/tmp")
            self.socket_dir = Path(tempfile.mkdtemp(prefix=SHORT, dir=parent))
            home.remove(self._short)
            self._short.write_text(str(self.socket_dir))
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        self.account.give(self.socket_dir)

    def _remove_short_socket_dir(self) -> None:
        """It goes with its server. Its name is from a file of our own, never from one of the server's account.

        One that was killed has left its socket there. The file may be cut short: that would be another folder.
        """
        if self._short.is_file() and not self._short.is_symlink():
            folder = Path(self._short.read_text())
            if folder.name.startswith(SHORT):
                shutil.rmtree(folder, ignore_errors=True)
            self._short.unlink()

    def _failed(self, message: str, said: str = "", *, state: str = "No server is running.") -> ConsoleError:
        last = (said or self.log_tail()).strip()
        state = f"{state} It said last: {last}" if last else state
        if room.SAID.search(last):
            hint = f"Free some room where {self.home} is, then try again."
            return ConsoleError(message, state=state, hint=hint, exit=Exit.OUT_OF_SPACE)
        return ConsoleError(message, state=state, hint=f"Read {self.log}, then try again.")


def _takes_socket(folder: Path) -> bool:
    """Whether the kernel takes the path, and PostgreSQL reads it as one."""
    return len(os.fsencode(folder)) <= SOCKET_PATH_LIMIT and not set(str(folder)) & set(',"')


def why(said: str) -> str:
    """The line of initdb, or of a server that it has started, that tells why it failed; everything where none does.

    >>> why("creating files ... initdb: error: no room\\ninitdb: removing contents of data directory")
    'initdb: error: no room'
    """
    told = re.findall(r"(?:initdb: error|FATAL|PANIC):.*", said)
    return str(told[-1]) if told else said


def conninfo(params: Mapping[str, str]) -> str:
    r"""A libpq connection string; values are quoted where they must be.

    >>> conninfo({"host": "/tmp/a b", "dbname": "emr"})
    "host='/tmp/a b' dbname=emr"
    """
    return " ".join(f"{name}={_quoted(value)}" for name, value in params.items())


def _quoted(value: str) -> str:
    if value and not set(value) & set(" '\\"):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
