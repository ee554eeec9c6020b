"""Exactly one source names the database, and production is known however it was named."""

import os
import pwd
from itertools import product
from pathlib import Path

import pytest

from console.config.choose import choose, here
from console.db.target import Target
from console.errors import UsageError
from tests.config.around import around

ME = pwd.getpwuid(os.geteuid()).pw_name

Identity = tuple[str, str, str, str]


def identity(target: Target) -> Identity:
    return target.host, target.port, target.user, target.dbname


PROFILES = """
[profiles.chosen]
host = "profile.test"
environment = "other"
[profiles.usual]
port = 6003
dbname = "usual"
environment = "other"
"""

# Each source names something else only, so that a value of a losing source would show.
SOURCES: dict[str, Identity] = {
    "dsn": ("", "5432", ME, "dsn"),
    "profile": ("profile.test", "5432", ME, ME),
    "libpq": ("", "5432", "libpq", "libpq"),
    "default": ("", "6003", ME, "usual"),
    "variables": ("localhost", "6004", "postgres", "emr_integration_dev"),
    "dotenv": ("localhost", "5432", "postgres", "dotenv"),
}

COMBINATIONS = [
    frozenset(name for name, present in zip(SOURCES, presence, strict=True) if present)
    for presence in product((False, True), repeat=len(SOURCES))
]


def from_sources(folder: Path, present: frozenset[str]) -> Target:
    default = 'default_profile = "usual"\n' if "default" in present else ""
    environ = {"PGPASSWORD": "serves-all", "PGSSLMODE": "prefer"}
    environ |= {"PGUSER": "libpq", "PGDATABASE": "libpq"} if "libpq" in present else {}
    environ |= {"DB_PORT": "6004"} if "variables" in present else {}
    return choose(
        around(
            folder,
            environ=environ,
            config=default + PROFILES,
            dotenv="DB_NAME=dotenv\n" if "dotenv" in present else None,
        ),
        dsn="dbname=dsn" if "dsn" in present else None,
        profile="chosen" if "profile" in present else None,
    )


def test_exactly_one_source_names_the_database(tmp_path: Path) -> None:
    for present in COMBINATIONS:
        folder = tmp_path / ("+".join(sorted(present)) or "nothing")
        folder.mkdir()
        if {"dsn", "profile"} <= present:
            with pytest.raises(UsageError, match="Both --dsn and --profile"):
                from_sources(folder, present)
            continue
        best = next((identity for name, identity in SOURCES.items() if name in present), ("", "5432", ME, ME))
        assert identity(from_sources(folder, present)) == best, folder.name


@pytest.mark.parametrize(
    ("present", "source"),
    [
        ({"dsn"}, "--dsn"),
        ({"profile"}, "profile chosen in {}/config.toml"),
        ({"libpq"}, "PGDATABASE, PGUSER in the environment"),
        ({"default"}, "profile usual in {}/config.toml"),
        ({"variables"}, "DB_PORT in the environment"),
        ({"dotenv"}, "DB_NAME in {}/.env"),
        (set[str](), "libpq's defaults"),
    ],
)
def test_the_target_says_where_it_comes_from(tmp_path: Path, present: set[str], source: str) -> None:
    assert from_sources(tmp_path, frozenset(present)).source == source.format(tmp_path)


@pytest.mark.parametrize("name", ["PGSERVICE", "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER"])
def test_each_naming_variable_of_libpq_is_a_source(tmp_path: Path, name: str) -> None:
    (tmp_path / "services").write_text("[6543]\nport=6543\n")
    environ = {"PGSERVICEFILE": str(tmp_path / "services"), name: "6543", "DB_HOST": "localhost"}
    if name in {"PGHOST", "PGHOSTADDR"}:
        environ[name] = "127.0.0.3"
    assert choose(around(tmp_path, environ=environ)).source == f"{name} in the environment"


@pytest.mark.parametrize("name", ["PGPASSWORD", "PGPASSFILE", "PGSSLMODE", "PGAPPNAME", "DB_TYPE", "NODE_ENV"])
def test_other_variables_name_no_database(tmp_path: Path, name: str) -> None:
    assert choose(around(tmp_path, environ={name: "prefer"})).source == "libpq's defaults"


def test_a_variable_that_is_empty_is_not_set(tmp_path: Path) -> None:
    environ = {"PGHOST": "", "DB_HOST": "", "DB_NAME": ""}
    assert choose(around(tmp_path, environ=environ, dotenv="DB_USER=\n")).source == "libpq's defaults"


def test_node_env_of_the_process_wins_over_that_of_the_file(tmp_path: Path) -> None:
    dotenv = "NODE_ENV=production\nDB_NAME=emr\nDB_NAME_TEST=emr_test\n"
    assert choose(around(tmp_path, dotenv=dotenv)).dbname == "emr"
    assert choose(around(tmp_path, dotenv=dotenv, environ={"NODE_ENV": "test"})).dbname == "emr_test"


def test_what_a_dsn_leaves_open_is_not_left_to_the_environment(tmp_path: Path) -> None:
    environ = {
        "PGHOST": "db9",
        "PGHOSTADDR": "10.0.0.9",
        "PGPORT": "9999",
        "PGOPTIONS": "-c search_path=elsewhere",
        "PGTARGETSESSIONATTRS": "standby",
        "PGSERVICE": "elsewhere",
    }
    chosen = choose(around(tmp_path, environ=environ), dsn="")
    assert chosen.params == {
        "host": "",
        "hostaddr": "",
        "port": "5432",
        "user": ME,
        "dbname": ME,
        "options": "",
        "target_session_attrs": "any",
        "load_balance_hosts": "disable",
    }


def test_options_come_along_when_libpq_is_the_source(tmp_path: Path) -> None:
    environ = {"PGHOST": "localhost", "PGOPTIONS": "-c search_path=emr", "PGTARGETSESSIONATTRS": "primary"}
    params = choose(around(tmp_path, environ=environ)).params
    assert (params["options"], params["target_session_attrs"]) == ("-c search_path=emr", "primary")


def test_a_dsn_may_name_a_service(tmp_path: Path) -> None:
    services = tmp_path / "services"
    services.write_text("[ward]\nhost=localhost\nport=6543\ndbname=emr\n")
    chosen = choose(
        around(tmp_path, environ={"PGSERVICEFILE": str(services), "PGSERVICE": "other"}), dsn="service=ward port=7000"
    )
    assert (chosen.host, chosen.port, chosen.dbname) == ("localhost", "7000", "emr")


@pytest.mark.parametrize(
    "dsn", ["emr", "host=db1 password=hunter2 hunter3", "postgresql://u:hunter2@[::1/emr", "colour=hunter2", "\udc80"]
)
def test_a_dsn_that_cannot_be_read_is_not_repeated(tmp_path: Path, dsn: str) -> None:
    with pytest.raises(UsageError, match="connection string") as refused:
        choose(around(tmp_path), dsn=dsn)
    assert "hunter" not in refused.value.sentence()
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("port", ["0", "65536", "six", "५४३२", "-1", "5432,six"])
def test_ports_are_numbers(tmp_path: Path, port: str) -> None:
    with pytest.raises(UsageError, match=r"is no port \(DB_PORT in the environment\)"):
        choose(around(tmp_path, environ={"DB_PORT": port}))


def test_ports_of_several_hosts_may_be_left_out(tmp_path: Path) -> None:
    assert choose(around(tmp_path), dsn="host=localhost,::1 port=5433,").port == "5433,"


def test_an_unknown_profile_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='no profile "nigth"') as refused:
        choose(around(tmp_path, config=PROFILES), profile="nigth")
    assert "chosen, usual" in refused.value.hint


def test_a_broken_dotenv_names_file_and_line_and_not_its_text(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        choose(around(tmp_path, dotenv="DB_HOST=db1\nhunter2\n"))
    assert refused.value.message == f"{tmp_path}/.env, line 2: this is not KEY=VALUE."


def test_a_dotenv_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    surroundings = around(tmp_path)
    (tmp_path / ".env").write_bytes(b"DB_HOST=\xff")
    with pytest.raises(UsageError, match=r"\.env, line 1: this is not UTF-8 text"):
        choose(surroundings)


def test_a_dotenv_that_is_a_folder_is_none(tmp_path: Path) -> None:
    surroundings = around(tmp_path)
    (tmp_path / ".env").mkdir()
    assert choose(surroundings).source == "libpq's defaults"


def test_here_takes_away_what_libpq_would_mix_in(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "services").write_text("[ward]\nhost=localhost\ndbname=emr\n")
    for name, value in {"PGSERVICE": "ward", "PGSERVICEFILE": str(tmp_path / "services"), "PGTZ": "Asia/Tokyo"}.items():
        monkeypatch.setenv(name, value)
    assert choose(here()).dbname == "emr"
    assert "PGSERVICE" not in os.environ
    assert "PGTZ" not in os.environ


def test_here_reads_the_configuration_of_this_person(home: Path) -> None:
    folder = home / "config" / "emr-console"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('[profiles.ward]\ndbname = "emr"\n')
    assert here().config.path == folder / "config.toml"
    assert choose(here(), profile="ward").dbname == "emr"


def test_a_dotenv_with_crlf_is_read(tmp_path: Path) -> None:
    assert choose(around(tmp_path, dotenv="DB_HOST=localhost\r\nDB_NAME=emr\r\n")).dbname == "emr"
