-- How long a try may wait for locks and a statement may run; for this transaction only.
select set_config('lock_timeout', %(lock_timeout)s, true), set_config('statement_timeout', %(statement_timeout)s, true)
