-- The same (see settings.sql for the isolation) where a transaction as a whole has a timeout, too.
select set_config('lock_timeout', '1500', false),
       set_config('statement_timeout', '900000', false),
       set_config('idle_in_transaction_session_timeout', '0', false),
       set_config('idle_session_timeout', '0', false),
       set_config('transaction_timeout', '0', false),
       set_config('standard_conforming_strings', 'on', false),
       set_config('default_transaction_isolation', 'read committed', false)
