-- What is replicated to others, and which of its changes.
select 'publication ' || quote_ident(p.pubname) as identity,
       concat_ws('; ', case when p.puballtables then 'all tables' end,
                 (select string_agg(r.prrelid::regclass::text, ', ' order by r.prrelid::regclass::text)
                    from pg_publication_rel r where r.prpubid = p.oid),
                 concat_ws(', ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
                           case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end),
                 case when p.pubviaroot then 'via root' end) as definition
  from pg_publication p
