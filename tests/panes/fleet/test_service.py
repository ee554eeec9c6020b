"""Every configured server at a glance: two that answer, and some that cannot."""

import json
from pathlib import Path

import platformdirs
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from console.cli.main import run
from console.db.database import Database
from console.db.target import Target
from console.demo.server import Cluster
from console.panes.fleet.models import Member
from console.panes.fleet.service import Fleet

STRANGER = "a_stranger"


def profile(name: str, **keywords: object) -> str:
    """A table of config.toml."""
    return "\n".join([f"[profiles.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in keywords.items())])


def of(dsn: str, **changed: object) -> dict[str, object]:
    """The keywords of a test database."""
    known: dict[str, object] = dict(conninfo_to_dict(dsn)) | changed
    return known | {"port": int(str(known["port"]))}


def configured(*profiles: str) -> Path:
    """The configuration with these profiles."""
    folder = platformdirs.user_config_path("emr-console", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text("\n".join(profiles))
    return folder / "config.toml"


async def looked(fleet: Fleet) -> dict[str, Member]:
    return {member.name: member for member in (await fleet.look()).members}


async def test_servers_that_answer_and_servers_that_do_not(pg18_migrated: str, pg15_database: str, home: Path) -> None:
    configured(
        profile("night", environment="test", **of(pg18_migrated)),
        profile("old", environment="staging", **of(pg15_database)),
        profile("gone", environment="test", host="127.0.0.1", port=1, dbname="emr", user="dba"),
        profile("elsewhere", service="no-such-service"),
        profile("production", host="db9.example.org", sslmode="require"),
    )
    found = await looked(Fleet())
    assert list(found) == ["night", "old", "gone", "elsewhere", "production"]
    night, old = found["night"].found, found["old"].found
    assert night is not None
    assert (night.role, night.flavour, night.applied, night.migrations, night.lag) == ("primary", "plain", 5, 5, None)
    assert night.version.startswith("18.")
    assert night.connections is not None
    assert night.connection_limit == 97
    assert old is not None
    assert old.version.startswith("15.")
    assert (old.applied, old.migrations) == (0, 5)
    assert [name for name, member in found.items() if member.error] == ["gone", "elsewhere", "production"]
    assert [name for name, member in found.items() if member.found is None] == ["gone", "elsewhere", "production"]
    assert found["gone"].error == "Connection refused."
    assert "no-such-service" in found["elsewhere"].error
    assert "does not check which server answers" in found["production"].error


async def test_who_refuses_a_password_is_asked_again_on_request_only(
    pg18: Cluster, pg18_database: str, home: Path
) -> None:
    wrong = home / "pgpass"
    wrong.write_text("*:*:*:*:wrong\n")
    wrong.chmod(0o600)
    configured(profile("locked", environment="test", **of(pg18_database, passfile=str(wrong))))
    fleet, before = Fleet(), refusals(pg18)
    first, second = (await looked(fleet))["locked"], (await looked(fleet))["locked"]
    assert (first.asked, second.asked) == (True, False)
    assert "password authentication failed" in second.error
    assert refusals(pg18) == before + 1
    fleet.forget_refusals()
    assert (await looked(fleet))["locked"].asked
    assert refusals(pg18) == before + 2


def refusals(server: Cluster) -> int:
    """How often somebody gave a wrong password there."""
    return server.log.read_bytes().count(b"FATAL:  password authentication failed")


async def test_this_consoles_own_server_gets_no_second_connection(pg18_database: str, home: Path) -> None:
    keywords = of(pg18_database)
    configured(profile("night", environment="test", **keywords))
    params = {key: str(value) for key, value in keywords.items()}
    async with Database(Target(params, "a test", "night", "test")) as db:
        here = (await looked(Fleet(db)))["night"]
        with psycopg.connect(pg18_database) as other:
            rows = other.execute("select application_name from pg_stat_activity where application_name like 'emr-%'")
            names = [name for (name,) in rows if name.startswith("emr-console:fleet")]
    assert here.profile.here
    assert here.found is not None
    assert here.found.connections is not None
    assert names == []


def test_the_command(pg18_database: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profiles", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == []
    configured(
        profile("night", environment="test", **of(pg18_database)),
        profile("gone", environment="test", host="127.0.0.1", port=1),
    )
    assert run(["profiles", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["name"], row["reachable"], row["role"]) for row in rows] == [
        ("night", True, "primary"),
        ("gone", False, None),
    ]
    assert run(["profiles"]) == 0
    assert capsys.readouterr().out.splitlines()[2].startswith("gone\ttest\t127.0.0.1\t")
