-- Whether the audit tables, with every partition or chunk of theirs, can only grow: triggers, rights, owners.
-- Bits of tgtype: 1 each row, 2 before, 8 delete, 16 update, 32 truncate.
with recursive relation as (
    select c.oid, c.oid as root, c.relname as table, true as top
      from pg_class c
     where c.oid in (to_regclass('public.audit_logs'), to_regclass('public.audit_log_details'))
    union all
    select i.inhrelid, r.root, r.table, false
      from relation r
      join pg_inherits i on i.inhparent = r.oid
), guarded as (
    select r.oid, bool_or(t.tgtype & 27 = 27) as changes, bool_or(t.tgtype & 34 = 34) as truncation
      from relation r
      join pg_trigger t on t.tgrelid = r.oid and t.tgenabled in ('O', 'A')
      join pg_proc f on f.oid = t.tgfoid and f.proname = 'prevent_audit_modification'
     group by r.oid
), rights as (
    select distinct c.oid, x.grantee, x.privilege_type
      from relation r
      join pg_class c using (oid)
     cross join aclexplode(c.relacl) x
     where x.grantee <> c.relowner and x.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
)
select coalesce((select jsonb_agg(jsonb_build_object(
                            'table', r.table,
                            'owner', o.rolname,
                            'owner_signs_in', o.rolcanlogin))
                   from relation r
                   join pg_class c using (oid)
                   join pg_roles o on o.oid = c.relowner
                  where r.top), '[]') as tables,
       (select count(*) from relation) as relations,
       coalesce((select jsonb_agg(u.oid::regclass::text)
                   from (select r.oid
                           from relation r
                           join pg_class c using (oid)
                           left join guarded g using (oid)
                          where g.changes is not true
                             or (g.truncation is not true and (r.top or c.relispartition))
                          limit 20) u), '[]') as unguarded,
       coalesce((select jsonb_agg(jsonb_build_object(
                            'relation', w.oid::regclass::text,
                            'grantee', coalesce(g.rolname, 'PUBLIC'),
                            'privileges', w.privileges))
                   from (select oid, grantee, string_agg(privilege_type, ', ' order by privilege_type) as privileges
                           from rights
                          group by oid, grantee
                          limit 20) w
                   left join pg_roles g on g.oid = w.grantee), '[]') as writable
