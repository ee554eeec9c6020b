-- Texts of some statements, asked once for each: the server reads all of them for it. Whoever ran it, the text is the same.
select distinct on (queryid) queryid, left(query, %(characters)s) as query_text
  from "{schema}".pg_stat_statements(true)
 where queryid = any(%(queryids)s)
 order by queryid
