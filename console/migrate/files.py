"""Migration files: `NNN_name[.timescale|.plain].(up|down|verify).sql`, read whole before the first one runs."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import console
from console.db.textfile import read_regular
from console.errors import UsageError
from console.migrate import header
from console.migrate.header import Header, HeaderError
from console.sql.lexer import SqlError, Statement, split

Flavour = Literal["any", "timescale", "plain"]
"""Which databases a file is for."""

MOST = 64_000_000
"""Bytes of a migration file at most."""

_NAME = re.compile(
    r"(?P<version>\d{3,})_(?P<name>[a-z0-9_]+)(?:\.(?P<flavour>timescale|plain))?\.(?P<part>up|down|verify)\.sql"
)
_CONTROL = frozenset({"begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release"})
_SETTINGS = frozenset({"set", "reset", "discard"})


def text_sha256(text: str) -> str:
    """The hash of a whole text."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Script:
    """One file, or what the ledger keeps of one."""

    file: str
    """The file's name."""
    text: str
    """The whole text, line ends normalised; it is what is hashed and stored."""
    header: Header
    """How it wants to be run."""
    statements: tuple[Statement, ...]
    """What is sent, one after the other."""
    probes: Mapping[int, str] = field(default_factory=dict)
    """By a statement's number from 1: a query that answers whether it is done already."""

    @cached_property
    def sha256(self) -> str:
        """The hash of the text."""
        return text_sha256(self.text)

    @cached_property
    def tokens_sha256(self) -> str:
        """The hash of its tokens; comments and space do not change it."""
        said = "\0;\0".join("\0".join(statement.tokens) for statement in self.statements)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema."""

    version: str
    """Its number as written, such as 004; migrations are ordered by it."""
    name: str
    """The rest of its name."""
    flavour: Flavour
    """Which databases it is for."""
    up: Script
    """The way there."""
    down: Script | None
    """The way back; None where `irreversible` says why."""
    verify: Script | None
    """What must hold afterwards."""

    @property
    def label(self) -> str:
        """Version and name, such as 004_add_patients_table; what a person types to confirm."""
        return f"{self.version}_{self.name}"


@dataclass(frozen=True, slots=True)
class Folder:
    """Every migration of a folder, of both flavours, in order."""

    path: Path
    """Where it is."""
    migrations: tuple[Migration, ...]
    """Ordered by version."""

    def of(self, flavour: Literal["timescale", "plain"]) -> list[Migration]:
        """The migrations for one kind of database, in order."""
        return [migration for migration in self.migrations if migration.flavour in ("any", flavour)]


def default_folder() -> Path:
    """Where the product's own migrations are: inside an installed wheel, else beside the sources."""
    package = Path(console.__file__).parent
    installed = package / "migrations_sql"
    return installed if installed.is_dir() else package.parent / "migrations_sql"


def read_folder(path: Path) -> Folder:
    """Every migration of a folder; a UsageError names file and line of the first thing that is wrong."""
    try:
        entries = sorted(path.iterdir())
    except OSError as error:
        raise _unusable(f"The migrations folder {path} cannot be read ({error.strerror}).") from error
    parts: dict[tuple[str, str, str], dict[str, Path]] = defaultdict(dict)
    for entry in entries:
        if entry.suffix == ".sql":
            named = _named(entry)
            key = (named["version"], named["name"], named["flavour"] or "any")
            parts[key][named["part"]] = entry
    migrations = sorted((_migration(key, found) for key, found in parts.items()), key=lambda each: int(each.version))
    _refuse_duplicates(migrations)
    return Folder(path, tuple(migrations))


@lru_cache(maxsize=256)
def read_script(file: str, text: str) -> Script:
    """A script from its text, the same for the same; UsageError names file and line of what is wrong in it."""
    try:
        statements = split(text)
        head, probes = header.parse(text), header.probes(text, statements)
    except (SqlError, HeaderError) as error:
        raise _unusable(f"{file}, line {error.line}: {error.message}.") from error
    if not statements:
        raise _unusable(f"{file} holds no statement.")
    for statement in statements:
        words = [word.lower() for word in statement.tokens[:2]]
        if words[0] in _CONTROL or words == ["prepare", "transaction"]:
            raise _unusable(f"{file}, line {statement.line}: {words[0].upper()} stands here; the engine does that.")
        if words[0] in _SETTINGS and not head.transaction:
            raise _unusable(
                f"{file}, line {statement.line}: {words[0].upper()} stands here; without a transaction each statement"
                " begins with the engine's own settings."
            )
    if probes and head.transaction:
        raise _unusable(f"{file} has a probe, which means nothing in one transaction.")
    return Script(file, text, head, tuple(statements), probes)


def _named(entry: Path) -> re.Match[str]:
    named = _NAME.fullmatch(entry.name)
    if named is None:
        raise _unusable(
            f"{entry.name} is not named like a migration.",
            hint="Migrations are NNN_name[.timescale|.plain].(up|down|verify).sql, in small letters.",
        )
    return named


def _migration(key: tuple[str, str, str], found: dict[str, Path]) -> Migration:
    version, name, flavour = key
    scripts = {part: read_script(path.name, _text(path)) for part, path in found.items()}
    up, down = scripts.get("up"), scripts.get("down")
    if up is None:
        raise _unusable(f"{next(iter(found.values())).name} has no .up.sql beside it.")
    if down is None and up.header.irreversible is None:
        raise _unusable(
            f"{up.file} has no .down.sql beside it.",
            hint='Write one, or say why there is none: -- emr: irreversible = "why".',
        )
    return Migration(version, name, flavour, up, down, scripts.get("verify"))  # type: ignore[arg-type]  # from _NAME


def _text(path: Path) -> str:
    try:
        raw = read_regular(path, MOST)
    except OSError as error:
        raise _unusable(f"{path.name} cannot be read ({error.strerror}).") from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _unusable(f"{path.name}, line {line}: this is not UTF-8.", hint="Save the file as UTF-8.") from error
    if text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}"):
        raise _unusable(f"{path.name} begins with a byte order mark.", hint="Save the file as UTF-8 without one.")
    if "\0" in text:
        raise _unusable(f"{path.name}, line {text.count(chr(10), 0, text.index(chr(0))) + 1}: a NUL stands here.")
    return text.replace("\r\n", "\n")


def _refuse_duplicates(migrations: Iterable[Migration]) -> None:
    """One version is one migration, or one of each flavour under one name."""
    seen: dict[int, list[Migration]] = defaultdict(list)
    for migration in migrations:
        same = seen[int(migration.version)]
        for other in same:
            flavours = {other.flavour, migration.flavour}
            if other.label != migration.label or flavours != {"timescale", "plain"}:
                raise _unusable(f"{other.up.file} and {migration.up.file} have the same version.")
        same.append(migration)


def _unusable(message: str, *, hint: str = "Mend it, then try again.") -> UsageError:
    return UsageError(message, state="Nothing was done.", hint=hint)
