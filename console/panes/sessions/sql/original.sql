-- The statement of one backend as it was sent, to be explained and never shown, and whether that can be done here. The
-- server keeps its first bytes only, and ends them at a whole character.
select substring(text.whole for %(text_bytes)s) as sent,
       a.usename::text as user,
       a.datname is not distinct from current_database() as here,
       length(text.whole) >= least(pg_size_bytes(current_setting('track_activity_query_size')) - 4,
                                   %(text_bytes)s) as cut
  from pg_stat_activity a
 cross join lateral (select /* include console.services/sent */ as whole) text
 where a.pid = %(pid)s
   and a.backend_start is not distinct from %(backend_start)s
