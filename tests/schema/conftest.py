"""Databases to migrate up and down; `on_both` has them on 15 too where the version plays a part."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import psycopg
import pytest
from psycopg import sql

from console.db.session import Session
from console.demo.server import Cluster
from console.services.roles import service
from tests.fixtures.databases import administer, blank, clone, fresh, template
from tests.migrate.conftest import cluster as cluster
from tests.schema.ladder import VERSIONS, Ladder
from tests.targets import target

ROLES = ("emr_app", "emr_reporting", "emr_audit_owner", "ward_admin")
"""Roles that tests make; they belong to the whole server, so none may be left when a database is gone."""


def forget_roles(cluster: Cluster) -> None:
    administer(cluster, sql.SQL("DROP ROLE IF EXISTS {}").format(sql.SQL(", ").join(map(sql.Identifier, ROLES))))


async def give_rights(dsn: str) -> None:
    """What `emr-console roles apply` does."""
    async with await Session.open(target(dsn), "test") as session:
        await service.apply(session, await service.plan(session))


@contextmanager
def standing(cluster: Cluster, source: str | None = None) -> Iterator[Ladder]:
    """A new database, empty or as the source, on a server without the roles that tests make."""
    forget_roles(cluster)
    with fresh(cluster, source) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        yield Ladder(connection, dsn)
    forget_roles(cluster)


@pytest.fixture
def ladder(cluster: Cluster) -> Iterator[Ladder]:
    """An empty database."""
    with standing(cluster) as ladder:
        yield ladder


@pytest.fixture
def first_four(cluster: Cluster) -> Iterator[Ladder]:
    """001-004 without rows; for tests of what 005 does to them."""
    with standing(cluster, _first_four(cluster)) as ladder:
        yield ladder


@pytest.fixture
def climbed(cluster: Cluster) -> Iterator[Ladder]:
    """001-005 without rows; for tests of what comes after them."""
    with standing(cluster, template(cluster)) as ladder:
        yield ladder


@pytest.fixture(scope="module")
def hospital(cluster: Cluster) -> Iterator[Ladder]:
    """001-005 with rows, statistics and the platform's roles; for tests that leave nothing behind."""
    with standing(cluster, _hospital(cluster)) as ladder:
        asyncio.run(give_rights(ladder.dsn))
        yield ladder


@cache
def _first_four(cluster: Cluster) -> str:
    """The name of such a database to clone from."""
    with _making(cluster, "first_four_template", blank(cluster)) as ladder:
        ladder.up(*VERSIONS[:-1])
    return "first_four_template"


@cache
def _hospital(cluster: Cluster) -> str:
    """The same of one with rows and statistics."""
    with _making(cluster, "hospital_template", template(cluster)) as ladder:
        ladder.fill(*VERSIONS)
        ladder.run("select audit_ensure_partitions(now(), now())")  # for the rows that came after 005
        for report in ("audit_logs_hourly", "audit_logs_daily", "emr_verification_metrics"):
            ladder.run(f"refresh materialized view concurrently {report}")
        ladder.run("analyze")
    return "hospital_template"


@contextmanager
def _making(cluster: Cluster, name: str, source: str) -> Iterator[Ladder]:
    """A database that stays, to clone others from."""
    clone(cluster, name, source)
    with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
        yield Ladder(connection, cluster.dsn(name))
