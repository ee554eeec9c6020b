"""What 001-005 make, counted."""

from tests.schema.ladder import Ladder

TABLES = {
    "departments", "users", "shifts", "tasks", "emr_verifications", "handovers", "audit_logs", "audit_log_details",
    "patients", "handover_items", "handover_templates",
}  # fmt: skip


def test_tables_keys_and_reports(climbed: Ladder) -> None:
    found = climbed.rows(
        "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
        " and relnamespace = 'public'::regnamespace"
    )
    assert {name for (name,) in found} == TABLES
    keys = "select count(*) from pg_constraint where contype = 'f' and conparentid = 0"
    assert climbed.value(f"{keys} and connamespace = 'public'::regnamespace") == 14
    assert climbed.value("select count(*) from pg_matviews where schemaname = 'public'") == 5
    assert climbed.value("select count(*) from pg_index where not indisvalid") == 0
