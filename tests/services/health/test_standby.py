"""Health of a primary and of its standby, which answers other questions about WAL."""

import asyncio

from console.demo.server import Cluster
from console.services.health.models import Level
from tests.db.standby import following
from tests.fixtures.running import private_folder
from tests.services.health.asking import findings


async def test_both_sides_of_replication(pg18: Cluster) -> None:
    with private_folder() as folder:
        async with following(pg18, folder) as standby, asyncio.timeout(20):
            found = await findings(standby.target("postgres"))
            assert (found["D12"].level, found["D12"].verdict.evidence[-18:]) == (Level.OK, "behind the primary")
            assert [name for name, each in found.items() if each.level is Level.UNKNOWN] == ["D20"]
            while (other := (await findings(pg18.target("postgres")))["D12"].verdict).value is None:
                pass  # it has not connected yet, or does not stream yet
            assert other.evidence.startswith("replication ")
            strict = await findings(pg18.target("postgres"), replication_crit=0.0)
            assert strict["D12"].level is Level.CRIT
            assert strict["D12"].verdict.remedy.startswith("select application_name, state")
