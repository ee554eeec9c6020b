-- The same where a publication may name columns, rows and whole schemas.
select 'publication ' || quote_ident(p.pubname) as identity,
       concat_ws('; ', case when p.puballtables then 'all tables' end,
                 (select string_agg('schema ' || n.pnnspid::regnamespace::text, ', '
                                    order by n.pnnspid::regnamespace::text)
                    from pg_publication_namespace n where n.pnpubid = p.oid),
                 (select string_agg(concat(r.prrelid::regclass, ' (' || c.names || ')',
                                           ' where ' || pg_get_expr(r.prqual, r.prrelid)),
                                    ', ' order by r.prrelid::regclass::text)
                    from pg_publication_rel r
                    cross join lateral (
                        select string_agg(quote_ident(a.attname), ', ' order by a.attnum) as names
                          from pg_attribute a where a.attrelid = r.prrelid and a.attnum = any (r.prattrs::int2[])
                    ) c
                   where r.prpubid = p.oid),
                 concat_ws(', ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
                           case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end),
                 case when p.pubviaroot then 'via root' end) as definition
  from pg_publication p
