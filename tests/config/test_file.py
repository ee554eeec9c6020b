"""config.toml: what it may say, and how a mistake in it is answered."""

from pathlib import Path

import pytest

from console.config import settings
from console.config.file import load
from console.config.settings import POOLS, Pool, Settings
from console.errors import Exit, UsageError
from tests.config.around import around

EVERYTHING = """
default_profile = "night"
interval = 5
theme = "high-contrast"

[keymap]
"sessions.sort" = "f5,ctrl+t"

[profiles.night]
environment = "production"
dsn = "host=db1.test dbname=emr"
pool = { min = 20, max = 80 }
migrate.role = "emr_owner"

[profiles.staging]
host = "db2.test"
hostaddr = "10.0.0.2"
port = 5433
dbname = "emr"
user = "dba"
sslmode = "verify-full"
sslrootcert = "~/ca.pem"
sslcert = "/etc/emr/client.pem"
sslkey = "/etc/emr/client.key"
passfile = "~/staging.pgpass"
target_session_attrs = "primary"
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folder: Path, text: str | bytes) -> UsageError:
    with pytest.raises(UsageError) as error:
        load(written(folder, text))
    assert error.value.exit == Exit.USAGE
    return error.value


def test_an_absent_file_is_an_empty_one(tmp_path: Path) -> None:
    assert load(tmp_path / "nowhere" / "config.toml").settings == Settings()


def test_the_documented_example_is_true(tmp_path: Path) -> None:
    example = "\n".join(line for line in (settings.__doc__ or "").splitlines() if line.startswith("    "))
    assert list(load(written(tmp_path, example)).settings.profiles) == ["staging", "night"]


def test_everything_that_it_may_say(tmp_path: Path) -> None:
    found = load(written(tmp_path, EVERYTHING)).settings
    night, staging = found.profiles["night"], found.profiles["staging"]
    assert (found.default_profile, found.interval, found.theme) == ("night", 5, "high-contrast")
    assert found.keymap == {"sessions.sort": "f5,ctrl+t"}
    assert (night.environment, night.migrate.role, night.expected_pool()) == (
        "production",
        "emr_owner",
        Pool(min=20, max=80),
    )
    assert (staging.environment, staging.expected_pool()) == ("staging", Pool(min=5, max=20))


def test_every_keyword_of_a_profile_reaches_libpq(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = around(tmp_path, config=EVERYTHING).config.target("staging", {})
    assert (target.profile, target.environment) == ("staging", "staging")
    assert dict(target.params) == {
        "host": "db2.test",
        "hostaddr": "10.0.0.2",
        "port": "5433",
        "dbname": "emr",
        "user": "dba",
        "sslmode": "verify-full",
        "sslrootcert": f"{home}/ca.pem",
        "sslcert": "/etc/emr/client.pem",
        "sslkey": "/etc/emr/client.key",
        "passfile": f"{home}/staging.pgpass",
        "target_session_attrs": "primary",
        "options": "",
        "load_balance_hosts": "disable",
    }


def test_a_profile_may_be_a_service_with_something_changed(tmp_path: Path) -> None:
    (tmp_path / "services").write_text("[ward]\nhost=db3.test\nport=5433\ndbname=emr\n")
    config = '[profiles.night]\nservice = "ward"\nport = 6000\n'
    environ = {"PGSERVICEFILE": str(tmp_path / "services")}
    target = around(tmp_path, config=config).config.target("night", environ)
    assert (target.host, target.port, target.dbname) == ("db3.test", "6000", "emr")


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("development", "development"),
        ("test", "test"),
        ("staging", "staging"),
        ("production", "production"),
        ("night", None),
        ("other", None),
        ("Production", None),
    ],
)
def test_four_names_label_themselves(tmp_path: Path, name: str, environment: str | None) -> None:
    profile = load(written(tmp_path, f'[profiles.{name}]\nhost = "db1"\n')).settings.profiles[name]
    assert profile.environment == environment
    assert profile.expected_pool() == POOLS.get(environment or "")


def test_a_profile_may_call_itself_something_else(tmp_path: Path) -> None:
    text = '[profiles.test]\nenvironment = "production"\n'
    assert load(written(tmp_path, text)).settings.profiles["test"].environment == "production"


def test_pools_are_the_platform_s() -> None:
    assert {name: (pool.min, pool.max) for name, pool in POOLS.items()} == {
        "development": (2, 10),
        "test": (1, 5),
        "staging": (5, 20),
        "production": (10, 50),
    }


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("\ncolour = 1", 2, "colour: there is no such key"),
        ('[profiles.a]\n\nhots = "db1"', 3, "profiles.a.hots: there is no such key"),
        ('profiles.a.hots = "db1"', 1, "profiles.a.hots: there is no such key"),
        ('[profiles."ward 3"]\n"hots" = "db1"', 2, 'profiles."ward 3".hots: there is no such key'),
        ('[profiles]\na = { host = "x", hots = "y" }', 2, "profiles.a.hots: there is no such key"),
        ("[profiles.a]\nmigrate.rol = 'x'", 2, "profiles.a.migrate.rol: there is no such key"),
        ("[profiles.a]\nport = '5432'", 2, "profiles.a.port: input should be a valid integer"),
        ("[profiles.a]\nport = true", 2, "profiles.a.port: input should be a valid integer"),
        ("[profiles.a]\nport = 0", 2, "profiles.a.port: input should be greater than or equal to 1"),
        ("[profiles.a]\nhost = ''", 2, "profiles.a.host: string should have at least 1 character"),
        ("[profiles.a]\nsslmode = 'full'", 2, "profiles.a.sslmode: input should be 'disable', 'allow'"),
        ("[profiles.a]\nenvironment = 'prod'", 2, "profiles.a.environment: input should be 'development'"),
        ("[profiles.a]\n[profiles.a.pool]\nmax = 3", 2, "profiles.a.pool.min: it is missing"),
        ("[profiles.a]\npool = { min = 5, max = 3 }", 2, "profiles.a.pool: min is larger than max"),
        ("[profiles.a]\ndsn = 'host=x'\nport = 1", 1, "profiles.a: dsn already says it all; it cannot stand beside"),
        ("[profiles.a]\ndsn = 'hots=x'", 2, "profiles.a.dsn: it is not a connection string"),
        ("profiles = 3", 1, "profiles: it must be a table"),
        ("[profiles]\na = 3", 2, "profiles.a: it must be a table"),
        ("interval = 0.1", 1, "interval: input should be greater than or equal to 0.5"),
        ("interval = nan", 1, "interval: "),
        ("[keymap]\nsort = 5", 2, "keymap.sort: input should be a valid string"),
        ("\n\ndefault_profile = 'a'\n[profiles.b]", 3, "default_profile: there is no such profile"),
        ("interval = 0\ncolour = 1", 1, "interval: "),
        ("colour = 1\ninterval = 0", 1, "colour: "),
    ],
)
def test_mistakes_name_file_line_and_key(tmp_path: Path, text: str, line: int, complaint: str) -> None:
    message = refused(tmp_path, text).message
    assert message.startswith(f"{tmp_path}/config.toml, line {line}: {complaint}")


@pytest.mark.parametrize(
    "text",
    [
        '[profiles.a]\npassword = "hunter2"',
        'profiles.a = { host = "x", sslpassword = "hunter2" }',
        '[profiles.a]\ndsn = "host=x password=hunter2"',
        '[profiles.a]\ndsn = "postgresql://u:hunter2@x/emr"',
        'password = "hunter2"',
    ],
)
def test_passwords_have_no_place_in_it(tmp_path: Path, text: str) -> None:
    error = refused(tmp_path, text)
    assert "passwords have no place in this file" in error.message
    assert "~/.pgpass" in error.hint
    assert "hunter2" not in error.sentence()


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb = = 2\n", 2), ("a = 1\na = 2\n", 2), ('a = "', 1), ("a = [\n1,\n", 3), ("[profiles\n", 1)],
)
def test_a_file_that_is_not_toml_names_its_line(tmp_path: Path, text: str, line: int) -> None:
    assert refused(tmp_path, text).message.startswith(f"{tmp_path}/config.toml, line {line}: this is not TOML: ")


def test_a_file_that_is_too_deep_to_be_toml(tmp_path: Path) -> None:
    message = refused(tmp_path, "a = " + "[" * 100_000).message
    assert message == f"{tmp_path}/config.toml is not TOML: brackets stand in brackets too deep to be read."


def test_a_file_that_is_not_utf8_names_its_line(tmp_path: Path) -> None:
    message = refused(tmp_path, b"interval = 2\ntheme = '\xff'").message
    assert message == f"{tmp_path}/config.toml, line 2: this is not UTF-8 text."


def test_a_file_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        load(tmp_path)
    assert error.value.message == f"{tmp_path} cannot be read: Is a directory."


def test_keys_for_exports_are_the_profile_s_else_everybody_s(tmp_path: Path) -> None:
    text = '[audit]\nsigning_key = "a.pem"\nverify_key = "a.pub"\n[profiles.night]\ndsn = "dbname=emr"\n'
    found = load(written(tmp_path, text + 'audit.signing_key = "night.pem"\n')).settings
    assert found.audit_keys("night").model_dump() == {"signing_key": "night.pem", "verify_key": "a.pub"}
    assert found.audit_keys(None).model_dump() == {"signing_key": "a.pem", "verify_key": "a.pub"}
