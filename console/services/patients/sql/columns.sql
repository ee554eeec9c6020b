-- What a patient consists of, asked of the table itself, so that rule and table cannot differ. Identity and times are the
-- table's own business; a column of another type, which somebody added, cannot be filled from a file.
select a.attname::text as name, k.kind,
       case when t.typname = 'varchar' then nullif(a.atttypmod, -1) - 4 end as longest,
       a.attnotnull and d.oid is null as required,
       array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as words,
       pg_get_expr(d.adbin, d.adrelid) as default
  from pg_attribute a
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 cross join lateral (
       select case when t.typname in ('text', 'varchar') then 'text'
                   when t.typname = 'date' then 'date'
                   when t.typname = 'jsonb' then 'json'
                   when t.typtype = 'e' then 'word' end as kind) k
 where a.attrelid = to_regclass('patients') and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
   and a.attname not in ('id', 'created_at', 'updated_at', 'deleted_at') and k.kind is not null
 order by a.attnum
