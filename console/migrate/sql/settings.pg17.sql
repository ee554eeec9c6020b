-- The same (see settings.sql for the isolation) where a transaction as a whole has a timeout, too.
select /* include own_settings */,
       set_config('transaction_timeout', '0', false)
