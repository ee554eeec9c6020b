"""Databases to migrate up and down, on each server."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from console.db.session import Session
from console.demo.server import Cluster
from console.services.roles import service
from tests.fixtures.databases import administer, fresh, template
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


@pytest.fixture
def ladder(cluster: Cluster) -> Iterator[Ladder]:
    """An empty database on each server."""
    forget_roles(cluster)
    with fresh(cluster) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        yield Ladder(connection, dsn)
    forget_roles(cluster)


@pytest.fixture
def climbed(cluster: Cluster) -> Iterator[Ladder]:
    """001-005 without rows on each server; for tests of what comes after them."""
    forget_roles(cluster)
    with fresh(cluster, template(cluster)) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        yield Ladder(connection, dsn)
    forget_roles(cluster)


@pytest.fixture(scope="module")
def hospital(cluster: Cluster) -> Iterator[Ladder]:
    """001-005 with rows, statistics and the platform's roles; for tests that leave nothing behind."""
    forget_roles(cluster)
    with fresh(cluster, template(cluster)) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        ladder = Ladder(connection, dsn)
        ladder.fill(*VERSIONS)
        ladder.run("select audit_ensure_partitions(now(), now())")  # for the rows that came after 005
        for report in ("audit_logs_hourly", "audit_logs_daily", "emr_verification_metrics"):
            ladder.run(f"refresh materialized view concurrently {report}")
        ladder.run("analyze")
        asyncio.run(give_rights(dsn))
        yield ladder
    forget_roles(cluster)
