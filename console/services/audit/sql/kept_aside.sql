-- Audit rows that a rollback of 002 kept and that no search reads: 002 takes them back. To be counted one by one.
select c.relname::text as name, has_table_privilege(c.oid, 'select') as readable
  from pg_class c
 where c.relnamespace = to_regnamespace('public')
   and c.relkind = 'r'
   and c.relname ~ '^audit_logs_backup_[0-9]{14}$'
 order by c.relname
