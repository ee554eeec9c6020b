"""Targets for sessions of the product, from the DSNs of the test servers."""

from psycopg.conninfo import conninfo_to_dict

from console.db.target import Target


def target(dsn: str, **changed: str) -> Target:
    """A database of a test server, with some keywords changed."""
    params = {name: str(value) for name, value in conninfo_to_dict(dsn).items()}
    return Target({**params, **changed}, "a test")
