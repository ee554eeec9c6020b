-- Takes longer than anybody waits, for the tests of cancelling.
select 1 as number from pg_sleep(60)
