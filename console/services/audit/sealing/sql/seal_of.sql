-- The seal of one day, if it has one.
select table_name, number, day, rows, content, previous, seal, format, sealed_at, sealed_by,
       sealed_as::text as sealed_as, retired_at, retired_by
  from emr_console.seal
 where table_name = %(table)s and day = %(day)s
