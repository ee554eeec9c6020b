"""The platform's variables and their defaults."""

import pytest

from console.config.db_variables import NAMES, target


@pytest.mark.parametrize("name", NAMES)
def test_any_of_them_is_enough(name: str) -> None:
    value = {"DB_SSL": "true", "DB_PORT": "5433"}.get(name, "x")
    found = target({name: value}, "", "the environment")
    assert found is not None
    assert found.source == f"{name} in the environment"


def test_none_of_them_is_none() -> None:
    assert target({"NODE_ENV": "test", "DB_TYPE": "x", "DB_HOST": ""}, "test", "the environment") is None


@pytest.mark.parametrize(
    ("values", "node_env", "dbname"),
    [
        ({"DB_NAME": "emr", "DB_NAME_TEST": "emr_t"}, "", "emr"),
        ({"DB_NAME": "emr", "DB_NAME_TEST": "emr_t"}, "test", "emr_t"),
        ({"DB_NAME": "emr"}, "test", "emr_integration_test"),
        ({"DB_NAME": "emr"}, "production", "emr"),
        ({"DB_HOST": "x"}, "", "emr_integration_dev"),
        ({"DB_HOST": "x"}, "staging", "emr_integration_staging"),
        ({"DB_HOST": "x"}, "production", "emr_integration_prod"),
        ({"DB_HOST": "x"}, "ci", "emr_integration_dev"),
    ],
)
def test_the_database_by_node_env(values: dict[str, str], node_env: str, dbname: str) -> None:
    found = target(values, node_env, "the environment")
    assert found is not None
    assert found.dbname == dbname


def test_the_password_goes_along_and_is_not_shown() -> None:
    found = target({"DB_HOST": "db1", "DB_PASSWORD": "hunter2"}, "", "the environment")
    assert found is not None
    assert found.params["password"] == "hunter2"
    assert "hunter2" not in repr(found) + str(found) + found.describe() + found.source
