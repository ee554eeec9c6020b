"""Production belongs to the database: profile's label x another profile's database x its own label x place."""

from itertools import product
from pathlib import Path

import pytest

from console.cli.main import run
from console.config.choose import Surroundings, choose
from console.config.file import ConfigFile, load
from console.errors import Exit, Refused, UsageError
from tests.config.around import around

LABELS = (None, "development", "test", "staging", "production", "other")
SERVER_LABELS = (None, "", "production", "Production ", "staging", "nonsense")
EITHER = (False, True)
MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def ward(folder: Path, label: str | None, *, local: bool, match: bool, sslmode: str = "") -> Surroundings:
    """A profile with this label here or elsewhere, whose database is that of another profile, production, or is not."""
    host = "localhost" if local else "db1.test"
    config = f"""
        [profiles.ward]
        host = "{host}"
        dbname = "emr"
        {f'environment = "{label}"' if label else ""}
        {f'sslmode = "{sslmode}"' if sslmode else ""}
        [profiles.production]
        host = "{host if match else "db0.test"}"
        port = 6432
        dbname = "emr"
    """
    return around(folder, config=config)


@pytest.mark.parametrize("label", LABELS)
def test_production_rule(tmp_path: Path, label: str | None) -> None:
    for server, match, local in product(SERVER_LABELS, EITHER, EITHER):
        case = f"{server=} {match=} {local=}"
        chosen = choose(ward(tmp_path, label, local=local, match=match), profile="ward")
        production = label == "production" or match or server in {"production", "Production "}
        unlabelled = label is None and server in {None, "", "nonsense"}
        assert chosen.production(server) == production, case
        assert chosen.guarded(server) == (production or (unlabelled and not local)), case
        demanded = label == "production" or match or (label is None and not local)
        assert chosen.params.get("sslmode") == ("verify-full" if demanded else None), case


@pytest.mark.parametrize("label", LABELS)
def test_tls_rule(tmp_path: Path, label: str | None) -> None:
    for mode, match, local in product(MODES, EITHER, EITHER):
        there = ward(tmp_path, label, local=local, match=match, sslmode=mode)
        counts = label in {None, "production"} or match
        if counts and not local and mode != "verify-full":
            with pytest.raises(Refused, match=f"sslmode={mode} does not check which server answers"):
                choose(there, profile="ward")
        else:
            assert choose(there, profile="ward").params["sslmode"] == mode, f"{match=} {local=}"


def test_a_dsn_to_the_production_database_says_so(tmp_path: Path) -> None:
    config = '[profiles.night]\ndsn = "postgresql://dba@db1.test/emr"\nenvironment = "production"\n'
    chosen = choose(around(tmp_path, config=config), dsn="host=DB1.test. user=me dbname=emr")
    assert (chosen.environment, chosen.source) == ("production", "the database of profile night, by --dsn")
    other = choose(around(tmp_path, config=config), dsn="host=db1.test dbname=emr_other")
    assert other.environment is None


def test_pgsslmode_serves_every_source_and_is_judged_like_the_rest(tmp_path: Path) -> None:
    environ = {"PGSSLMODE": "require"}
    assert choose(around(tmp_path, environ=environ), dsn="host=localhost").params["sslmode"] == "require"
    with pytest.raises(Refused, match="nobody says what it is") as refused:
        choose(around(tmp_path, environ=environ), dsn="host=db1.test")
    assert "PGSSLMODE" in refused.value.hint
    with pytest.raises(UsageError, match='"loose" is no sslmode \\(PGSSLMODE\\)'):
        choose(around(tmp_path, environ={"PGSSLMODE": "loose"}), dsn="host=db1.test")


@pytest.mark.parametrize(("given", "mode"), [("true", "verify-full"), ("TRUE", "verify-full"), ("false", "disable")])
def test_db_ssl(tmp_path: Path, given: str, mode: str) -> None:
    chosen = choose(around(tmp_path, environ={"DB_HOST": "localhost", "DB_SSL": given}))
    assert chosen.params["sslmode"] == mode


def test_db_ssl_off_is_refused_for_a_remote_host(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        choose(around(tmp_path, environ={"DB_HOST": "db1.test", "DB_SSL": "false"}))
    with pytest.raises(UsageError, match="neither true nor false"):
        choose(around(tmp_path, environ={"DB_HOST": "db1.test", "DB_SSL": "yes"}))


SERVICE_OF_OTHERS = """
[profiles.production]
service = "only-on-other-machines"
[profiles.ward]
host = "localhost"
dbname = "emr"
"""


def test_a_production_service_that_is_unknown_here_stops_no_work_elsewhere(tmp_path: Path) -> None:
    said: list[str] = []
    there = around(tmp_path, environ={"PGSERVICEFILE": "/nowhere"}, config=SERVICE_OF_OTHERS)
    for chosen in (
        choose(there, dsn="host=localhost user=me dbname=emr", warn=said.append),
        choose(there, profile="ward", warn=said.append),
    ):
        assert (chosen.environment, chosen.dbname) == (None, "emr")
    assert said[0] == (
        "Whether me@localhost/emr is the database of profile production is not known: "
        'There is no service "only-on-other-machines" in /nowhere.'
    )
    with pytest.raises(UsageError, match="There is no service"):
        choose(there, profile="production")


def test_it_is_said_on_stderr(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home / "config" / "emr-console"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(SERVICE_OF_OTHERS)
    assert run(["--dsn", "host=/nowhere user=me dbname=emr", "sessions"]) == Exit.CONNECTION
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("Whether me@[local]/emr is the database of profile production is not known:")
    assert second.startswith("emr-console: Cannot connect to")


@pytest.mark.parametrize("words", ["sessions", "migrate status", "migrate up --yes", "roles plan"])
def test_the_configuration_is_read_once(words: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def counted(path: Path) -> ConfigFile:
        read.append(path)
        return load(path)

    monkeypatch.setattr("console.config.file.load", counted)
    assert run(["--dsn", "host=/nowhere", *words.split()]) == Exit.CONNECTION
    assert read == [home / "config" / "emr-console" / "config.toml"]
