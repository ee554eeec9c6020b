-- Which columns the audit tables have, whether seals can be read or kept, and the server's clock.
select clock_timestamp() as now, to_regclass('emr_console.seal') is not null as ledger,
       to_regclass('emr_console.seal_signature') is not null as signatures,
       array(select a.attname::text from pg_attribute a
              where a.attrelid = to_regclass('public.audit_logs') and a.attnum > 0 and not a.attisdropped
              order by a.attnum) as audit_logs,
       array(select a.attname::text from pg_attribute a
              where a.attrelid = to_regclass('public.audit_log_details') and a.attnum > 0 and not a.attisdropped
              order by a.attnum) as audit_log_details
