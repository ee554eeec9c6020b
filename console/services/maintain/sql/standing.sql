-- What there is to maintain: the plain flavour's function makes weeks, and only where the audit tables are partitioned.
select exists (select from pg_proc p
                where p.proname = 'audit_ensure_partitions' and p.pronamespace = n.oid) as weeks,
       exists (select from pg_class c
                where c.relname = 'audit_logs' and c.relnamespace = n.oid) as audit
  from pg_namespace n
 where n.nspname = 'public'
