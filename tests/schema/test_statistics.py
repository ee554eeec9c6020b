"""Reports, aggregates and functions answer rightly, whatever stands in metadata; the same in both flavours."""

import psycopg
import pytest

from tests.schema.ladder import Ladder

METRICS = """select emr_system, sum(total_verifications)::int, sum(successful_verifications)::int,
    sum(failed_verifications)::int, count(avg_response_time_ms)::int, count(p99_response_time_ms)::int
    from emr_verification_metrics group by 1 order by 1"""
RAW = """select emr_system, count(*)::int,
    count(*) filter (where action <> 'EMR_VERIFY_FAILED' and (metadata ->> 'outcome' = 'SUCCESS'
        or action = 'EMR_VERIFY' and metadata ->> 'outcome' is null))::int,
    count(*) filter (where action = 'EMR_VERIFY_FAILED' or metadata ->> 'outcome' = 'FAILED')::int
    from audit_logs where emr_system is not null
    and action in ('EMR_VERIFY', 'EPIC_VERIFY', 'CERNER_VERIFY', 'EMR_VERIFY_FAILED') group by 1 order by 1"""


def check_metrics(ladder: Ladder) -> None:
    """The aggregate agrees with the rows it comes from; only numbers count as response times."""
    metrics = ladder.rows(METRICS)
    assert [row[:4] for row in metrics] == ladder.rows(RAW)
    with_times = "jsonb_typeof(metadata -> 'response_time_ms') = 'number' and emr_system is not null"
    hours = ladder.rows(
        "select emr_system, count(distinct date_trunc('hour', created_at))::int from audit_logs where"
        f" {with_times} and action in ('EMR_VERIFY', 'EPIC_VERIFY', 'CERNER_VERIFY', 'EMR_VERIFY_FAILED')"
        " group by 1 order by 1"
    )
    assert [(row[0], row[4]) for row in metrics] == hours
    assert [row[4] for row in metrics] == [row[5] for row in metrics]


def check_functions(ladder: Ladder) -> None:
    """get_recent_audit_logs and check_audit_retention_status, as the guide describes them."""
    recent = "select count(*) from get_recent_audit_logs"
    since = "select count(*) from audit_logs where created_at > now() - interval"
    assert ladder.value(f"{recent}()") == ladder.value(f"{since} '24 hours'")
    assert ladder.value(f"{recent}(48, 'PATIENT')") == ladder.value(f"{since} '48 hours' and entity_type = 'PATIENT'")
    for wrong in ("null", "0", "-5", "2147483647"):
        with pytest.raises(psycopg.errors.InvalidParameterValue):
            ladder.run(f"{recent}({wrong})")
    status = "from check_audit_retention_status()"
    assert ladder.value(f"select oldest_chunk <= (select min(created_at) from audit_logs) {status}")
    assert ladder.value(f"select newest_chunk > (select max(created_at) from audit_logs) {status}")
    assert ladder.value(f"select total_rows = (select count(*) from audit_logs) {status}")


def test_metrics(hospital: Ladder) -> None:
    check_metrics(hospital)


def test_functions(hospital: Ladder) -> None:
    check_functions(hospital)


def test_hourly_and_daily_add_up(hospital: Ladder) -> None:
    assert hospital.value("select sum(event_count) from audit_logs_hourly") == hospital.value(
        "select count(*) from audit_logs"
    )
    assert hospital.value("select sum(event_count) from audit_logs_daily") == hospital.value(
        "select count(emr_system) from audit_logs"
    )
    assert hospital.value("select bool_and(day = date_trunc('day', day, 'UTC')) from audit_logs_daily")


def test_reports_of_002_refresh_while_they_are_read(hospital: Ladder) -> None:
    for report in ("emr_verification_report", "compliance_audit_summary"):
        hospital.run(f"refresh materialized view concurrently {report}")
    assert hospital.value("select sum(action_count) from compliance_audit_summary") == hospital.value(
        "select count(*) from audit_logs"
    )
