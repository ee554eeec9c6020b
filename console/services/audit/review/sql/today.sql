-- The server's clock, and whether there is a place for what was decided.
select clock_timestamp() as now, to_regclass('emr_console.event') is not null as ledger
