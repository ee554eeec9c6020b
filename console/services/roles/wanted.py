"""Who may do what: the roles of the platform and their rights, as data."""

from collections.abc import Collection, Iterable

from console.services.roles.models import Kind, Right

APP = "emr_app"
"""The services of the platform. No DELETE anywhere: they delete softly."""
REPORTING = "emr_reporting"
"""Reports. Row-level security shows it no task and no patient, and it reads no secret of a user."""
AUDIT_OWNER = "emr_audit_owner"
"""Owns the audit rows and cannot sign in, so that nobody is their owner by accident."""

LOGIN = {APP: True, REPORTING: True, AUDIT_OWNER: False}
"""Every role, and whether it signs in."""

WHY = {
    APP: "the services of the platform need it",
    REPORTING: "reports need it",
    AUDIT_OWNER: "a table can only be given to a role that might have made it",
}
"""Why each has what it should have."""

APPLICATION = (
    "departments", "users", "shifts", "tasks", "emr_verifications", "handovers", "patients", "handover_items",
    "handover_templates",
)  # fmt: skip
"""Tables that the services read and write."""
AUDIT = ("audit_logs", "audit_log_details")
"""Tables that nobody changes."""
REPORTS = (
    "emr_verification_report", "compliance_audit_summary", "audit_logs_hourly", "audit_logs_daily",
    "emr_verification_metrics",
)  # fmt: skip
"""Reports and statistics."""
VIEW = "tasks_with_patients"
"""Obeys row-level security from PostgreSQL 15 on; before, it would show every patient."""
BOOKKEEPING = ("knex_migrations", "knex_migrations_lock")
"""Tables of the seed's migration tool, which no service has to touch."""
RELATIONS = (*APPLICATION, *AUDIT, *REPORTS, VIEW, *BOOKKEEPING)
"""Every relation whose rights are looked at; what others added to the schema is theirs."""

STAFF_COLUMNS = (
    "id", "username", "email", "role", "department_id", "is_active", "last_login", "created_at", "updated_at",
    "deleted_at",
)  # fmt: skip
"""What reports may read of users: neither password_hash nor mfa_secret."""


def rights(database: str, present: Collection[str], *, major: int) -> set[Right]:
    """What our roles should be able to do in this database, as far as its relations are there."""
    view = [VIEW] if major >= 15 else []
    wanted = {
        *_on("database", [database], APP, "CONNECT"),
        *_on("database", [database], REPORTING, "CONNECT"),
        *_on("schema", ["public"], APP, "USAGE"),
        *_on("schema", ["public"], REPORTING, "USAGE"),
        *_on("schema", ["public"], AUDIT_OWNER, "USAGE", "CREATE"),
        *_on("relation", APPLICATION, APP, "SELECT", "INSERT", "UPDATE"),
        *_on("relation", AUDIT, APP, "SELECT", "INSERT"),
        *_on("relation", [*REPORTS, *view], APP, "SELECT"),
        *_on("relation", ["departments", "shifts", "audit_logs", *REPORTS], REPORTING, "SELECT"),
        *(
            Right(role=REPORTING, kind="relation", name="users", column=column, privilege="SELECT")
            for column in STAFF_COLUMNS
        ),
    }
    return {right for right in wanted if right.kind != "relation" or right.name in present}


def _on(kind: Kind, names: Iterable[str], role: str, *privileges: str) -> Iterable[Right]:
    return [Right(role=role, kind=kind, name=name, privilege=privilege) for name in names for privilege in privileges]
