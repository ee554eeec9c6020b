-- Where a role's statements look for names in this database, unless its sessions say otherwise: what ALTER ROLE and
-- ALTER DATABASE have set, else PostgreSQL's own default. Our own setting is left out: it finds pg_catalog only.
select coalesce((select substr(c, length('search_path=') + 1)
                   from pg_db_role_setting s cross join unnest(s.setconfig) c
                  where c like 'search\_path=%%'
                    and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
                    and s.setrole in (0, to_regrole(quote_ident(%(role)s)))
                  order by s.setrole = 0, s.setdatabase = 0
                  limit 1),
                (select boot_val from pg_settings where name = 'search_path')) as path
