"""Sources are not mixed by libpq either: what the environment says of another place leads nowhere."""

import os
from pathlib import Path

import pytest

from console.config.choose import choose, here
from console.db.session import Session
from console.db.target import Target
from console.demo.server import Cluster
from tests.config.around import around
from tests.targets import target as given

ELSEWHERE = {
    "PGHOST": "/nowhere",
    "PGHOSTADDR": "10.255.255.1",
    "PGPORT": "1",
    "PGUSER": "nobody",
    "PGDATABASE": "elsewhere",
    "PGOPTIONS": "-c search_path=elsewhere",
    "PGTARGETSESSIONATTRS": "standby",
    "PGSERVICE": "elsewhere",
    "PGTZ": "Asia/Tokyo",
    "DB_HOST": "nowhere.test",
}


async def reached(target: Target) -> tuple[str, str, str]:
    async with await Session.open(target, "test") as session:
        _, rows = await session.rows("select current_database(), current_user, current_setting('search_path')")
        return rows[0]


@pytest.fixture
def misled(monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """A process whose environment names another database in every way; the home it has."""
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value)
    return home


async def test_a_dsn_is_not_mixed_with_the_environment(pg18: Cluster, misled: Path) -> None:
    target = choose(here(), dsn=pg18.dsn("postgres"))
    assert await reached(target) == ("postgres", "postgres", '"$user", public')


async def test_a_profile_is_not_mixed_with_the_environment(pg18_database: str, misled: Path) -> None:
    there = given(pg18_database)
    folder = misled / "config" / "emr-console"
    folder.mkdir(parents=True)
    keys = "".join(f'{key} = "{there.params[key]}"\n' for key in ("host", "user", "dbname", "passfile"))
    (folder / "config.toml").write_text(f"[profiles.ward]\n{keys}")
    assert (await reached(choose(here(), profile="ward")))[0] == there.dbname


async def test_libpq_s_environment_leads_where_libpq_would_go(
    pg15: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = given(pg15.dsn("postgres"))
    monkeypatch.setenv("PGHOST", there.host)
    monkeypatch.setenv("PGUSER", there.user)
    monkeypatch.setenv("PGDATABASE", there.dbname)
    monkeypatch.setenv("PGPASSFILE", there.params["passfile"])
    monkeypatch.setenv("PGOPTIONS", "-c search_path=ward")
    target = choose(around(tmp_path, environ=dict(os.environ)))
    assert await reached(target) == ("postgres", "postgres", "ward")


async def test_strict_tls_does_not_disturb_a_socket(pg18: Cluster, tmp_path: Path) -> None:
    there = given(pg18.dsn("postgres"))
    config = (
        f'[profiles.production]\nhost = "{there.host}"\nuser = "postgres"\npassfile = "{there.params["passfile"]}"\n'
    )
    target = choose(around(tmp_path, config=config), profile="production")
    assert target.params["sslmode"] == "verify-full"
    assert (await reached(target))[0] == "postgres"
