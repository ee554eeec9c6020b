-- The whole statement of one backend, and only of that one: a pid alone may by now belong to somebody else.
select substring(/* include sent */ for %(text_bytes)s) as query_text,
       a.state,
       a.query_start
  from pg_stat_activity a
 where a.pid = %(pid)s
   and a.backend_start is not distinct from %(backend_start)s
