-- How long a try may wait for locks and a statement may run: for this transaction only, or for a statement without one.
select set_config('lock_timeout', %(lock_timeout)s, %(local)s),
       set_config('statement_timeout', %(statement_timeout)s, %(local)s)
