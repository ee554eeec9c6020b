-- One statement with its text and every counter that this server's version has, whatever they are called there, in the
-- order of its columns; without its text these are all but one.
select to_json(s) as counters,
       current_setting('block_size')::int as block_size,
       (select left(t.query, %(characters)s)
          from "{schema}".pg_stat_statements(true) t
         where (t.queryid, t.userid, t.dbid, t.toplevel) = (s.queryid, s.userid, s.dbid, s.toplevel)) as query_text
  from "{schema}".pg_stat_statements(false) s
 where queryid = %(queryid)s
   and userid = %(user_id)s::int8::oid
   and dbid = %(database_id)s::int8::oid
   and toplevel = %(toplevel)s
