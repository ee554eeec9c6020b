"""libpq's own ways of naming a database: connection strings, PG* variables, services."""

from collections.abc import Mapping, MutableMapping

from console.db import service_file
from console.errors import UsageError

VARIABLES = {
    "PGSERVICE": "service",
    "PGHOST": "host",
    "PGHOSTADDR": "hostaddr",
    "PGPORT": "port",
    "PGDATABASE": "dbname",
    "PGUSER": "user",
}
"""The variables that name a database: one of them set makes libpq's environment the source."""

_ACCOMPANYING = {
    "PGOPTIONS": "options",
    "PGTARGETSESSIONATTRS": "target_session_attrs",
    "PGLOADBALANCEHOSTS": "load_balance_hosts",
}

# libpq looks the service up again for each connection, and sends the others to the server over our own settings.
_MIXED_IN = ("PGSERVICE", "PGTZ", "PGDATESTYLE", "PGGEQO")


def parse(dsn: str) -> dict[str, str]:
    """The keywords of a connection string, key-value or URI; a ValueError says what is wrong without quoting it.

    >>> parse("postgresql://dba@db1/emr")
    {'user': 'dba', 'dbname': 'emr', 'host': 'db1'}
    """
    # Only here, because psycopg takes a tenth of a second to import and most profiles have no connection string.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        return {key: str(value) for key, value in conninfo_to_dict(dsn).items()}
    except (ProgrammingError, UnicodeError):
        # libpq's text repeats parts of the string, and one of them may be the password.
        raise ValueError("it is not a connection string that libpq understands") from None


def with_service(given: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Keywords with their `service` looked up: what was given beside it wins over what the service says."""
    params = dict(given)
    name = params.pop("service", "")
    return _service(name, environ) | params if name else params


def named_by(environ: Mapping[str, str]) -> list[str]:
    """The variables that name a database and are set; an empty one is not.

    >>> named_by({"PGHOST": "db1", "PGUSER": "", "PGPASSWORD": "x"})
    ['PGHOST']
    """
    return [name for name in VARIABLES if environ.get(name)]


def from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The keywords that libpq would take from PG* variables; a service wins over the others, as it does in libpq."""
    names = VARIABLES | _ACCOMPANYING
    params = {keyword: environ[name] for name, keyword in names.items() if environ.get(name)}
    name = params.pop("service", "")
    return params | _service(name, environ) if name else params


def forget(environ: MutableMapping[str, str]) -> None:
    """Drop the variables that libpq would mix into every connection although a Target says it all."""
    for name in _MIXED_IN:
        environ.pop(name, None)


def _service(name: str, environ: Mapping[str, str]) -> dict[str, str]:
    """What a service says, in keywords that this libpq knows."""
    from psycopg import pq  # late, as above

    params = service_file.lookup(name, environ)
    unknown = sorted(set(params) - {option.keyword.decode() for option in pq.Conninfo.parse(b"")})
    if unknown:
        raise UsageError(f'The service "{name}" has keywords that libpq does not know: {", ".join(unknown)}.')
    return params
