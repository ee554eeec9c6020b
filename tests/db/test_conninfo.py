"""libpq's environment as a source."""

from pathlib import Path

import pytest

from console.db.conninfo import forget, from_environment, with_service
from console.errors import UsageError


def environ(folder: Path, service: str) -> dict[str, str]:
    (folder / "services").write_text(f"[ward]\n{service}\n")
    return {"PGSERVICEFILE": str(folder / "services"), "PGSERVICE": "ward"}


def test_a_service_wins_over_the_other_variables(tmp_path: Path) -> None:
    variables = environ(tmp_path, "host=db1.test") | {"PGHOST": "db2.test", "PGUSER": "dba"}
    assert from_environment(variables) == {"host": "db1.test", "user": "dba"}


def test_what_stands_beside_a_service_wins_over_it(tmp_path: Path) -> None:
    variables = environ(tmp_path, "host=db1.test\nuser=dba")
    assert with_service({"service": "ward", "user": "me"}, variables) == {"host": "db1.test", "user": "me"}


def test_a_service_with_an_unknown_keyword_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='service "ward" has keywords that libpq does not know: hots'):
        from_environment(environ(tmp_path, "hots=db1.test"))


def test_forget_leaves_passwords_and_certificates() -> None:
    variables = {"PGSERVICE": "ward", "PGTZ": "UTC", "PGPASSWORD": "x", "PGSSLROOTCERT": "y", "PGPASSFILE": "z"}
    forget(variables)
    assert variables == {"PGPASSWORD": "x", "PGSSLROOTCERT": "y", "PGPASSFILE": "z"}
