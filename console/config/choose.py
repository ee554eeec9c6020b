"""Which database: exactly one source names host, port, user and database together; sources are never mixed."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from console.config import db_variables, dotenv
from console.config.file import ConfigFile, configuration
from console.db import conninfo, tls
from console.db.target import Target
from console.db.textfile import read_text
from console.errors import UsageError


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a database may be named by, apart from the command line."""

    environ: Mapping[str, str]
    """The process's environment."""
    folder: Path
    """The current folder, where .env may be."""
    config: ConfigFile
    """The configuration file."""


Warn = Callable[[str], None]
"""Hears a sentence for the person."""


def here() -> Surroundings:
    """This process's surroundings, out of which libpq can then mix nothing in; a UsageError if config.toml is wrong."""
    around = Surroundings(dict(os.environ), Path(), configuration())
    conninfo.forget(os.environ)
    return around


def choose(
    around: Surroundings, *, dsn: str | None = None, profile: str | None = None, warn: Warn = lambda _: None
) -> Target:
    """The database to work on, labelled, and with TLS settled; `warn` hears what could not be compared with it.

    Raises UsageError where a source cannot be understood, Refused where TLS is too weak for the database.
    """
    if dsn is not None and profile is not None:
        raise UsageError("Both --dsn and --profile name a database.", hint="Give one of them.")
    if dsn is not None:
        target = _from_dsn(dsn, around.environ)
    elif profile is not None:
        target = around.config.target(profile, around.environ)
    else:
        target = _unasked(around)
    return tls.secured(_labelled(_checked(target), around, warn), around.environ)


def _unasked(around: Surroundings) -> Target:
    """The best source when the command line names none."""
    sources: tuple[Callable[[Surroundings], Target | None], ...] = (
        _from_libpq,
        _from_default_profile,
        _from_environment,
        _from_dotenv,
    )
    found = (source(around) for source in sources)
    return next((target for target in found if target is not None), Target({}, "libpq's defaults"))


def _from_dsn(dsn: str, environ: Mapping[str, str]) -> Target:
    try:
        params = conninfo.parse(dsn)
    except ValueError as error:
        raise UsageError(
            f"--dsn cannot be used: {error}.",
            hint="Write it like 'host=db1 dbname=emr user=dba' or postgresql://dba@db1:5432/emr.",
        ) from None
    return Target(conninfo.with_service(params, environ), "--dsn")


def _from_libpq(around: Surroundings) -> Target | None:
    names = conninfo.named_by(around.environ)
    if not names:
        return None
    return Target(conninfo.from_environment(around.environ), f"{', '.join(names)} in the environment")


def _from_default_profile(around: Surroundings) -> Target | None:
    name = around.config.settings.default_profile
    return None if name is None else around.config.target(name, around.environ)


def _from_environment(around: Surroundings) -> Target | None:
    return db_variables.target(around.environ, around.environ.get("NODE_ENV", ""), "the environment")


def _from_dotenv(around: Surroundings) -> Target | None:
    path = (around.folder / ".env").absolute()
    text = None if path.is_dir() else read_text(path)  # a folder .env is somebody's Python environment
    if text is None:
        return None
    try:
        values = dotenv.parse(text)
    except ValueError as error:
        raise UsageError(f"{path}, {error}.", hint="Values with quotes in them need other quotes around.") from None
    node_env = around.environ.get("NODE_ENV") or values.get("NODE_ENV", "")
    return db_variables.target(values, node_env, str(path))


def _checked(target: Target) -> Target:
    for port in target.port.split(","):
        if port and not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
            raise UsageError(f'"{port}" is no port ({target.source}).', hint="Ports are numbers from 1 to 65535.")
    return target


def _labelled(target: Target, around: Surroundings, warn: Warn) -> Target:
    """The same target, as production if its host and database are those of a production profile.

    A profile that leads nowhere on this machine, as with a service that only others know, stops no work elsewhere.
    """
    for name, profile in around.config.settings.profiles.items():
        if profile.environment != "production" or name == target.profile:
            continue
        try:
            production = around.config.target(name, around.environ)
        except UsageError as error:
            warn(f"Whether {target.describe()} is the database of profile {name} is not known: {error.message}")
            continue
        if target.same_database(production):
            source = f"the database of profile {name}, by {target.source}"
            return replace(target, source=source, environment="production")
    return target
