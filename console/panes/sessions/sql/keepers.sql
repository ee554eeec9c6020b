-- What is no session and yet holds locks, or keeps vacuum from removing rows: it is in no list of backends, and is
-- forgotten for weeks.
select 'prepared transaction' as kind,
       /* include console.services.locking/gid */ as name,
       p.owner::text as owner,
       p.database::text as database,
       extract(epoch from clock_timestamp() - p.prepared)::float8 as age,
       age(p.transaction) as horizon
  from pg_prepared_xacts p
 union all
select 'replication slot',
       s.slot_name::text,
       null,
       s.database::text,
       null,
       greatest(age(s.xmin), age(s.catalog_xmin))
  from pg_replication_slots s
 where s.xmin is not null or s.catalog_xmin is not null
