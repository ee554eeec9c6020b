-- The variant from 17 on.
select 17 as number
