"""Refreshing a materialized view of the plain flavour, while others read it."""

from console.db.session import Session
from console.services.storage.aggregate_models import Materialized
from console.services.storage.aggregates import VIEWS
from console.services.storage_actions.partitions import spelled
from console.services.storage_actions.plan import MINUTES_15, Plan, Said

REPORTS = (
    "emr_verification_report",
    "compliance_audit_summary",
    "audit_logs_hourly",
    "audit_logs_daily",
    "emr_verification_metrics",
)
"""The platform's materialized views; with TimescaleDB the last three are continuous aggregates."""


async def reports(session: Session) -> list[Materialized]:
    """Those of them that are there."""
    found = {
        view.view_name: view for view in await session.fetch(VIEWS.query, Materialized) if view.schema_name == "public"
    }
    return [found[name] for name in REPORTS if name in found]


def refresh(view: Materialized) -> Plan:
    """Bring one up to date: beside its readers where it can be, else quickly and alone."""
    told = f"{view.schema_name}.{view.view_name}"
    beside = view.populated and view.concurrently
    how = "refresh materialized view concurrently" if beside else "refresh materialized view"

    async def verify(session: Session) -> Said:
        """It is done when the server has not refused."""
        return Said(f"{told} is refreshed.")

    return Plan(
        kind="view.refresh",
        target=told,
        title=f"Refresh {told}",
        statements=(f"{how} {spelled(view.schema_name, view.view_name)}",),
        consequence="Others read the rows of the last refresh until it is through."
        if beside
        else "Whoever reads it waits until it is through: "
        + ("no unique index tells its rows apart." if view.populated else "it has never been filled."),
        verb="refresh",
        patience=MINUTES_15,
        verify=verify,
    )
