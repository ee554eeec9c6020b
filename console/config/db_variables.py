"""The variables by which the platform's own services find their database: DB_HOST and its kin."""

from collections.abc import Mapping

from console.db.target import DEFAULT_PORT, Target
from console.errors import UsageError

NAMES = ("DB_HOST", "DB_PORT", "DB_USER", "DB_PASSWORD", "DB_NAME", "DB_NAME_TEST", "DB_SSL")
"""The variables; one of them set makes them the source."""

DATABASES = {
    "development": "emr_integration_dev",
    "test": "emr_integration_test",
    "staging": "emr_integration_staging",
    "production": "emr_integration_prod",
}
"""What the services call their database by NODE_ENV, if they were not told."""

_SSLMODES = {"true": "verify-full", "false": "disable"}


def target(values: Mapping[str, str], node_env: str, where: str) -> Target | None:
    """The database that the variables name, with the services' own defaults; None if none is set.

    >>> target({"DB_HOST": "db1", "DB_NAME": "emr", "DB_NAME_TEST": "emr_t"}, "test", "/app/.env")
    Target(postgres@db1/emr_t, source='DB_HOST, DB_NAME, DB_NAME_TEST in /app/.env', environment=None)
    """
    given = {name: values[name] for name in NAMES if values.get(name)}
    if not given:
        return None
    params = {
        "host": given.get("DB_HOST", "localhost"),
        "port": given.get("DB_PORT", DEFAULT_PORT),
        "user": given.get("DB_USER", "postgres"),
        "dbname": _database(given, node_env),
    }
    if "DB_PASSWORD" in given:
        params["password"] = given["DB_PASSWORD"]
    if "DB_SSL" in given:
        params["sslmode"] = _sslmode(given["DB_SSL"], where)
    return Target(params, f"{', '.join(given)} in {where}")


def _database(given: Mapping[str, str], node_env: str) -> str:
    # In the test environment DB_NAME is not looked at: a forgotten DB_NAME_TEST must not lead to the real database.
    name = "DB_NAME_TEST" if node_env == "test" else "DB_NAME"
    return given.get(name) or DATABASES.get(node_env, DATABASES["development"])


def _sslmode(value: str, where: str) -> str:
    mode = _SSLMODES.get(value.strip().lower())
    if mode is None:
        raise UsageError(f"DB_SSL in {where} is neither true nor false.", hint="true means sslmode=verify-full.")
    return mode
