"""Where pg_stat_statements is, and, where it cannot be read, why and what helps."""

from console.db.identifiers import quote
from console.db.query import Query
from console.db.server import Server, reaches
from console.errors import ConsoleError, NoPrivilege, Unsupported
from console.panes.statements.models import Place

PLACE = Query(__package__, "place")

NAME = "pg_stat_statements"
"""The extension, its library and its function."""

OLDEST = "1.9"
"""The first version of the extension that tells when its counters were reset; PostgreSQL 14 brings it."""


def trouble(place: Place, server: Server) -> ConsoleError | None:
    """Why the statistics cannot be read, with the exact line that helps; None when they can."""
    if place.version is None and not place.available:
        return Unsupported(f"{NAME} is not installed on this server.", hint="It comes with postgresql-contrib.")
    if place.largest is None:
        return Unsupported(f"The library {NAME} is not loaded.", hint=_loading(place))
    if place.version is None or place.schema_name is None:
        return Unsupported(
            f"{NAME} is not created in database {server.database}.",
            hint=f"A superuser can create it: CREATE EXTENSION {NAME};",
        )
    if not reaches(place.version, OLDEST):
        return Unsupported(
            f"{NAME} is version {place.version} here, older than {OLDEST}.",
            hint=f"Its owner can bring it up to date: ALTER EXTENSION {NAME} UPDATE;",
        )
    return _denied(place, place.schema_name, server)


def _denied(place: Place, schema: str, server: Server) -> ConsoleError | None:
    user = quote(server.user)
    if not place.usable:
        grant = f"GRANT USAGE ON SCHEMA {quote(schema)} TO {user};"
    elif not place.callable:
        functions = ", ".join(f"{quote(schema)}.{name}" for name in (f"{NAME}(boolean)", f"{NAME}_info()"))
        grant = f"GRANT EXECUTE ON FUNCTION {functions} TO {user};"
    else:
        return None
    return NoPrivilege(f"{NAME} may not be read by {server.user}.", hint=f"Its owner can allow it: {grant}")


def _loading(place: Place) -> str:
    """The line for postgresql.conf, with what is loaded already: another one would push that out."""
    line = "add it to shared_preload_libraries"
    if place.preloaded is not None:
        libraries = ", ".join(part for part in (place.preloaded.strip(), NAME) if part)
        line = f"put shared_preload_libraries = '{libraries}' into postgresql.conf"
    created = "" if place.version else f", then run CREATE EXTENSION {NAME};"
    return f"To load it, {line} and restart the server{created}"
