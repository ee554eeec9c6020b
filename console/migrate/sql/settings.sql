-- The settings that are the engine's own, whatever role, database or the file before has set.
-- Read committed, because a migration that replaces a table waits for its lock and must then see every row that was
-- written until it had it.
select set_config('lock_timeout', '1500', false),
       set_config('statement_timeout', '900000', false),
       set_config('idle_in_transaction_session_timeout', '0', false),
       set_config('idle_session_timeout', '0', false),
       set_config('standard_conforming_strings', 'on', false),
       set_config('default_transaction_isolation', 'read committed', false)
