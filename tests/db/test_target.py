"""Targets: complete, silent about secrets, and sure of what is local."""

import os
import pwd
from dataclasses import FrozenInstanceError, replace

import pytest

from console.db.target import ENVIRONMENTS, SECRETS, Target
from console.errors import UsageError

ME = pwd.getpwuid(os.geteuid()).pw_name


def test_nothing_given_is_libpq_s_own_default() -> None:
    target = Target({}, "libpq's defaults")
    assert (target.host, target.port, target.user, target.dbname) == ("", "5432", ME, ME)
    assert target.describe() == f"{ME}@[local]/{ME}"


def test_the_database_is_named_like_the_user() -> None:
    assert Target({"user": "dba"}, "a test").dbname == "dba"


@pytest.mark.parametrize("keyword", ["host", "hostaddr", "port", "user", "dbname"])
def test_an_empty_keyword_is_an_absent_one(keyword: str) -> None:
    assert Target({keyword: ""}, "a test") == Target({}, "a test")


def test_a_user_without_a_name_must_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 2**31)
    assert Target({"user": "dba"}, "a test").user == "dba"
    with pytest.raises(UsageError, match="names no user"):
        Target({}, "a test")


def test_it_shows_no_secret() -> None:
    target = Target(dict.fromkeys(SECRETS, "hunter2") | {"options": "-c x=hunter2"}, "a test")
    assert "hunter2" not in f"{target!r} {target} {target.describe()} {[target]}"


def test_it_does_not_change() -> None:
    target = Target({"host": "db1"}, "a test")
    with pytest.raises(FrozenInstanceError):
        target.source = "elsewhere"  # type: ignore[misc]  # that is the test
    with pytest.raises(TypeError):
        target.params["host"] = "db2"  # type: ignore[index]  # that is the test
    assert replace(target, environment="test").host == "db1"


@pytest.mark.parametrize(
    ("host", "hostaddr", "local"),
    [
        ("", "", True),
        ("/run/postgresql", "", True),
        ("@abstract", "", True),
        ("localhost", "", True),
        ("LOCALHOST.", "", True),
        ("127.0.0.1", "", True),
        ("127.255.0.9", "", True),
        ("::1", "", True),
        ("/run/a,localhost,::1", "", True),
        ("localhost,db1", "", False),
        ("db1", "", False),
        ("localhost.example.org", "", False),
        ("10.0.0.1", "", False),
        ("0.0.0.0", "", False),
        ("128.0.0.1", "", False),
        ("fe80::1", "", False),
        ("", "127.0.0.1", True),
        ("", "10.0.0.1", False),
        ("db1", "127.0.0.1", True),
        ("localhost", "10.0.0.1", False),
        ("/run/postgresql", "10.0.0.1", False),
        ("localhost,localhost", "127.0.0.1,10.0.0.1", False),
        ("localhost,db1", "127.0.0.1,", False),
        ("localhost,db1", "127.0.0.1,::1", True),
    ],
)
def test_is_local(host: str, hostaddr: str, local: bool) -> None:
    assert Target({"host": host, "hostaddr": hostaddr}, "a test").is_local is local


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"host": "db1"}, {"host": "db1", "port": "6432"}, True),
        ({"host": "db1"}, {"host": "db2"}, False),
        ({"host": "db1"}, {"host": "db1", "dbname": "other"}, False),
        ({"host": "db1"}, {"host": "db1", "dbname": "EMR"}, False),
        ({"host": "db1", "hostaddr": "10.0.0.1"}, {"host": "10.0.0.1"}, True),
        ({"host": "db1,db2"}, {"host": "db2,db3"}, True),
        ({"host": "localhost"}, {}, True),
        ({"host": "127.0.0.1"}, {"host": "/var/run/postgresql/"}, True),
        ({"host": "/run/emr"}, {}, False),
        ({"host": "/run/emr/"}, {"host": "/run/emr"}, True),
        ({"hostaddr": "10.0.0.1"}, {}, False),
        ({"host": "fe80:0::1"}, {"host": "FE80::1"}, True),
    ],
)
def test_same_database(one: dict[str, str], other: dict[str, str], same: bool) -> None:
    first, second = (Target({"dbname": "emr"} | params, "a test") for params in (one, other))
    assert first.same_database(second) is same
    assert second.same_database(first) is same


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_database_itself_may_carry_the_label(environment: str) -> None:
    remote = Target({"host": "db1"}, "--dsn")
    assert remote.label(environment) == environment
    assert remote.guarded(environment) is (environment == "production")


@pytest.mark.parametrize(
    ("params", "shown"),
    [
        ({"host": "db1"}, "dba@db1/emr"),
        ({"host": "db1", "port": "6432"}, "dba@db1:6432/emr"),
        ({"host": "::1", "port": "6432"}, "dba@[::1]:6432/emr"),
        ({"host": "::1"}, "dba@::1/emr"),
        ({"hostaddr": "10.0.0.1"}, "dba@10.0.0.1/emr"),
        ({"host": "/run/postgresql"}, "dba@[local]/emr"),
        ({"port": "6432"}, "dba@[local]:6432/emr"),
    ],
)
def test_describe(params: dict[str, str], shown: str) -> None:
    assert Target({"user": "dba", "dbname": "emr"} | params, "a test").describe() == shown
