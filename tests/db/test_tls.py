"""What TLS needs beside its mode, and the second look after connecting."""

from pathlib import Path

import pytest

from console.db import tls
from console.db.target import Target
from console.errors import Exit, Refused


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The machine's authorities, in a place of the test's own."""
    path = tmp_path / "bundle.pem"
    path.touch()
    monkeypatch.setattr(tls, "BUNDLES", (str(tmp_path / "absent.pem"), str(path)))
    return str(path)


REMOTE = Target({"host": "db1.test"}, "--dsn")


def test_the_machine_s_authorities_are_the_default(bundle: str) -> None:
    assert tls.secured(REMOTE, {}).params["sslrootcert"] == bundle
    system = Target({"host": "db1.test", "sslrootcert": "system"}, "--dsn")
    assert tls.secured(system, {}).params["sslrootcert"] == bundle
    assert tls.secured(REMOTE, {"PGSSLROOTCERT": "system"}).params["sslrootcert"] == bundle


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_openssl_s_own_variables_are_respected(bundle: str, name: str) -> None:
    assert tls.secured(REMOTE, {name: "/etc/emr"}).params["sslrootcert"] == "system"


def test_configured_authorities_stay(bundle: str, home: Path) -> None:
    own = Target({"host": "db1.test", "sslrootcert": "/etc/ca.pem"}, "--dsn")
    assert tls.secured(own, {}).params["sslrootcert"] == "/etc/ca.pem"
    assert "sslrootcert" not in tls.secured(REMOTE, {"PGSSLROOTCERT": "/etc/ca.pem"}).params
    (home / ".postgresql").mkdir()
    (home / ".postgresql" / "root.crt").touch()
    assert "sslrootcert" not in tls.secured(REMOTE, {"HOME": str(home)}).params


def test_no_authorities_are_named_where_none_are_asked(bundle: str) -> None:
    staging = Target({"host": "db1.test", "sslmode": "require"}, "profile staging", environment="staging")
    assert "sslrootcert" not in tls.secured(staging, {}).params
    assert "sslmode" not in tls.secured(Target({"host": "localhost"}, "--dsn"), {}).params


def test_a_database_that_calls_itself_production_is_judged_after_connecting() -> None:
    staging = tls.secured(Target({"host": "db1.test"}, "profile staging", environment="staging"), {})
    tls.check(staging)
    with pytest.raises(Refused, match="is production; sslmode=prefer does not check") as refused:
        tls.check(staging, "production")
    assert refused.value.exit == Exit.REFUSED
    tls.check(tls.secured(Target({"host": "localhost"}, "--dsn"), {}), "production")


def test_the_refusal_says_what_to_do() -> None:
    with pytest.raises(Refused) as refused:
        tls.secured(Target({"host": "db1.test", "user": "dba", "dbname": "emr", "sslmode": "disable"}, "--dsn"), {})
    assert refused.value.sentence() == (
        "dba@db1.test/emr is remote and nobody says what it is, so it counts as production; sslmode=disable does not"
        " check which server answers. Nothing was changed. Use sslmode=verify-full (and look at PGSSLMODE), or, if it"
        " is not production, make it a profile with an environment in config.toml."
    )
