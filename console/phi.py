"""Which columns of the platform's schema hold patients' data (PHI), by table."""

COLUMNS: dict[str, frozenset[str]] = {
    "patients": frozenset(
        {
            "mrn",
            "first_name",
            "last_name",
            "date_of_birth",
            "gender",
            "emr_patient_id",
            "emr_metadata",
            "phone",
            "email",
        }
    ),
    "tasks": frozenset({"title", "description", "patient_id", "patient_uuid", "emr_data"}),
    "emr_verifications": frozenset({"barcode_data", "verification_metadata", "failure_reason"}),
    "handovers": frozenset({"task_summary", "critical_events"}),
    "handover_items": frozenset({"patient_mrn", "patient_name", "description", "notes", "metadata"}),
    "audit_logs": frozenset({"changes", "emr_patient_id", "emr_context", "metadata"}),
    "audit_log_details": frozenset({"previous_state", "new_state", "validation_results"}),
}
"""By table: the columns from which a patient can be known, or what was done about one."""

AUDIT_TABLES = ("audit_logs", "audit_log_details")
"""Tables whose rows have to be kept; their backups' names begin with theirs."""

AUDIT_FLOOR_DAYS = 2_555
"""Days that audit rows are kept at least: seven years of 365 days, as the platform's policy for HIPAA says."""

TOO_YOUNG = f"rows younger than {AUDIT_FLOOR_DAYS:,} days, which have to be kept"
"""Audit rows that may not go, in words."""


def holds_phi(table: str, column: str | None = None) -> bool:
    """Whether a table, or one of its columns, holds patients' data; a backup of a table counts as the table.

    >>> holds_phi("public.patients"), holds_phi("tasks", "vector_clock"), holds_phi("audit_logs_backup_20260101")
    (True, False, True)
    """
    name = table.rpartition(".")[2].strip('"').partition("_backup_")[0]
    columns = COLUMNS.get(name, frozenset())
    return bool(columns) if column is None else column.strip('"') in columns


def is_audit(table: str) -> bool:
    """Whether a table holds audit rows, or is a backup of one that does.

    >>> is_audit("public.audit_logs"), is_audit("audit_log_details_backup_20260101"), is_audit("tasks")
    (True, True, False)
    """
    return table.rpartition(".")[2].strip('"').partition("_backup_")[0] in AUDIT_TABLES
