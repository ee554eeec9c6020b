-- The variant for the oldest servers.
select 14 as number
