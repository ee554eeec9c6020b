-- What has to be computed again once the rows are in: the reports, and the statistics of whichever kind they are here.
-- Continuous aggregates look back a few days by themselves, never over the years that have just been written.
SELECT c.relname AS name, c.relkind = 'v' AS continuous
FROM pg_class AS c
WHERE c.oid IN (
    to_regclass('emr_verification_report'), to_regclass('compliance_audit_summary'), to_regclass('audit_logs_hourly'),
    to_regclass('audit_logs_daily'), to_regclass('emr_verification_metrics')
)
ORDER BY c.relname
