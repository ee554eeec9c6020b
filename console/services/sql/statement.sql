-- The whole statement of one backend, and only of that one: a pid alone may by now belong to somebody else.
-- It is asked for as bytes; textsend checks the encoding only where it has to change it, and in SQL_ASCII that must not be.
select substring(case when getdatabaseencoding() = 'SQL_ASCII' then convert_to(a.query, 'SQL_ASCII') else textsend(a.query) end
                 for %(text_bytes)s) as query_text
  from pg_stat_activity a
 where a.pid = %(pid)s
   and a.backend_start is not distinct from %(backend_start)s
