-- The oldest day whose rows should still be there.
select min(day) as day from emr_console.seal where table_name = %(table)s and retired_at is null
