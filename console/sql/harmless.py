"""What may be said in masked JSON: closed lists, so that nothing an application writes is shown because it looks so."""

COLUMNS = (
    "accepted_by", "acknowledged_at", "action", "action_required", "assigned_to", "audit_log_created_at",
    "audit_log_id", "barcode_data", "changes", "code", "completed_at", "created_at", "created_by", "critical_events",
    "date_of_birth", "deleted_at", "department_id", "description", "due_date", "email", "emr_context", "emr_data",
    "emr_metadata", "emr_patient_id", "emr_system", "end_time", "entity_id", "entity_type", "failure_reason",
    "first_name", "from_shift_id", "gender", "handover_id", "id", "initiated_by", "ip_address", "is_acknowledged",
    "is_active", "is_completed", "last_login", "last_name", "metadata", "mfa_secret", "mrn", "name", "new_state",
    "notes", "password_hash", "patient_dob", "patient_emr_id", "patient_first_name", "patient_id",
    "patient_last_name", "patient_mrn", "patient_name", "patient_uuid", "performance_metrics", "phone",
    "preferences", "previous_state", "priority", "request_id", "requires_verification", "role", "session_id",
    "shift_id", "sort_order", "start_time", "status", "supervisor_id", "task_id", "task_summary", "template_data",
    "title", "to_shift_id", "updated_at", "user_agent", "user_id", "username", "validation_results", "vector_clock",
    "vector_clock_counter", "vector_clock_node_id", "vector_clock_timestamp", "verification_metadata", "verified_at",
    "verified_by", "version",
)  # fmt: skip
"""Columns of the platform's schema."""

_ACTIONS = (
    "INSERT", "UPDATE", "DELETE", "LOGIN", "LOGOUT", "EMR_VERIFY", "EPIC_VERIFY", "CERNER_VERIFY", "VIEW", "SEARCH",
    "REVEAL", "EXPORT", "BREAK_GLASS", "LOGIN_FAILED", "ACCESS_DENIED", "EMR_VERIFY_FAILED", "CONFIG_CHANGE", "TEST",
)  # fmt: skip

WORDS: dict[str, tuple[str, ...]] = {
    "status": (
        "TO_DO", "IN_PROGRESS", "COMPLETED", "BLOCKED", "PENDING_VERIFICATION",
        "PENDING", "VERIFIED", "FAILED", "EXPIRED",
    ),
    "priority": ("LOW", "MEDIUM", "HIGH", "CRITICAL"),
    "outcome": ("SUCCESS", "FAILED"),
    "format": ("pdf", "csv", "jsonl", "fhir", "html"),
    "action": _ACTIONS,
    "emr_system": ("EPIC", "CERNER", "GENERIC_FHIR"),
    "role": ("NURSE", "DOCTOR", "ADMIN", "SUPERVISOR"),
    "entity_type": ("PATIENT", "TASK", "USER", "AUDIT_LOG"),
    "field": COLUMNS,
}  # fmt: skip
"""By key: the words that may stand under it."""

NUMBERS = ("version", "attempt", "record_count", "results", "found", "response_time_ms", "duration_ms")
"""Keys under which a number may stand that is too short to be a patient's, or a telephone's."""

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_HMAC = "hmac-sha256:[0-9a-f]{32}"
_MOMENT = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{6})?[+]00:00"


def _several(form: str) -> str:
    return f"({form})(,({form}))*"


OWN = {
    "since": f"^({_MOMENT}|[0-9]{{1,4}}[mhdwy]|all)$",
    "until": f"^{_MOMENT}$",
    "sha256": "^[0-9a-f]{64}$",
    "outcome": "^(begun|complete|stopped|failed)$",
    "rows": "^[0-9]{1,6}$",
    "row": f"^{_UUID}$",
    "row_at": f"^{_MOMENT}$",
    "review": "^20[0-9]{2}-[0-9]{2}-[0-9]{2} to 20[0-9]{2}-[0-9]{2}-[0-9]{2}$",
}
"""By key: what this console writes there, as a regular expression of PostgreSQL. An application can call itself by our
name, so that nothing else than this passes in rows of ours either, and no free word at all."""

TERMS = "^-?(" + "|".join((
    f"(patient|text|user):{_several(_HMAC)}",
    f"(session|request|id|entity|patient|user):{_several(_UUID)}",
    f"action:{_several('|'.join(_ACTIONS))}",
    f"system:{_several('EPIC|CERNER|GENERIC_FHIR')}",
    f"entity:{_several('PATIENT|TASK|USER|HANDOVER|HANDOVER_ITEM|EMR_VERIFICATION|AUDIT_LOG')}",
    "after-hours", "bulk", "days-without-events",
)) + ")$"  # fmt: skip
"""The words of a search that pass in rows of ours; of any other one no more than its field."""

FIELDS = "^(-?(patient|user|action|entity|system|ip|session|request|id|text)):.*$"
"""A word of a search with its field."""

KEYS = (
    *COLUMNS, *WORDS, *NUMBERS, *OWN, "operator", "host", "search", "masked", "reason", "recipient", "purpose",
    "mfa_used", "synthetic", "session_user", "client_addr", "what", "stage", "inserted", "same", "matched", "deleted",
    "unmatched", "ambiguous", "locked", "remaining",
)  # fmt: skip
"""Keys that may be named; any other one could be a name."""
