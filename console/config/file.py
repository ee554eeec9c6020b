"""config.toml as it was read: its settings, and the path and lines that messages name."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from console import folders
from console.config.lines import line_of
from console.config.settings import NO_PASSWORD, Settings
from console.db import conninfo
from console.db.target import SECRETS, Target
from console.db.textfile import read_text
from console.errors import UsageError

PGPASS = "Put the password into ~/.pgpass (host:port:database:user:password, mode 0600), where libpq looks for it."
"""Where passwords belong."""

_PATHS = ("sslrootcert", "sslcert", "sslkey", "passfile")
_IN_TOML = {"missing": "it is missing", "dict_type": "it must be a table", "model_type": "it must be a table"}
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")


def default_path() -> Path:
    """Where config.toml is on this platform; XDG_CONFIG_HOME is respected."""
    return folders.config() / "config.toml"


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The configuration file, which may be absent."""

    path: Path
    """Where it is, or would be."""
    settings: Settings = field(default_factory=Settings.model_construct)
    """What that means."""

    def target(self, name: str, environ: Mapping[str, str]) -> Target:
        """The database of a profile; a UsageError if there is no such profile or its service is unknown."""
        profile = self.settings.profiles.get(name)
        if profile is None:
            known = ", ".join(self.settings.profiles) or "none"
            raise UsageError(f'There is no profile "{name}" in {self.path}.', hint=f"Profiles in that file: {known}.")
        given = conninfo.parse(profile.dsn) if profile.dsn is not None else profile.keywords()
        given |= {key: str(Path(given[key]).expanduser()) for key in _PATHS if given.get(key, "").startswith("~")}
        params = conninfo.with_service(given, environ)
        return Target(params, f"profile {name} in {self.path}", name, profile.environment)


def configuration() -> ConfigFile:
    """The configuration of this process, read once: what somebody changes meanwhile is not mixed with it.

    Raises UsageError as load() does.
    """
    return _read_once(default_path())


def pg_dump() -> Path | None:
    """The program for backups that the configuration names."""
    named = configuration().settings.pg_dump
    return Path(named).expanduser() if named else None


@lru_cache(maxsize=1)
def _read_once(path: Path) -> ConfigFile:
    return load(path)


def load(path: Path) -> ConfigFile:
    """Read and check the file; a UsageError names file, line and key. An absent file is an empty one."""
    text = read_text(path)
    if text is None:
        return ConfigFile(path)
    settings = _checked(path, text, _parsed(path, text))
    if settings.default_profile is not None and settings.default_profile not in settings.profiles:
        known = ", ".join(settings.profiles) or "none"
        what, hint = "there is no such profile", f"Profiles in that file: {known}."
        raise _wrong(path, text, ("default_profile",), what, hint)
    return ConfigFile(path, settings)


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).rpartition(" (at ")
        line = re.search(r"line (\d+)", where)
        number = line[1] if line else text.count("\n") + 1
        raise UsageError(f"{path}, line {number}: this is not TOML: {what}.", hint="Mend that line.") from error
    except RecursionError:
        what, hint = "brackets stand in brackets too deep to be read", "Take them out."
    raise UsageError(f"{path} is not TOML: {what}.", hint=hint)


def _checked(path: Path, text: str, data: dict[str, Any]) -> Settings:
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        first = min(error.errors(), key=lambda each: line_of(text, _keys(each)))
    raise _wrong(path, text, _keys(first), *_complaint(first))


def _keys(error: ErrorDetails) -> tuple[str, ...]:
    return tuple(str(key) for key in error["loc"])


def _complaint(error: ErrorDetails) -> tuple[str, str]:
    """What is wrong with the value, never the value itself, and what helps."""
    key = str(error["loc"][-1]) if error["loc"] else ""
    what = error["msg"].removeprefix("Value error, ")
    if key in SECRETS or what == NO_PASSWORD:
        return NO_PASSWORD, PGPASS
    if error["type"] == "extra_forbidden":
        return "there is no such key", "Correct the key or remove it."
    return _IN_TOML.get(error["type"], what[:1].lower() + what[1:]), "Correct the value."


def _wrong(path: Path, text: str, keys: Sequence[str], what: str, hint: str) -> UsageError:
    name = ".".join(key if _PLAIN_KEY.fullmatch(key) else f'"{key}"' for key in keys)
    return UsageError(f"{path}, line {line_of(text, keys)}: {name}: {what}.", hint=hint)
