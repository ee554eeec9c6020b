-- The settings that are the engine's own, whatever role, database or the file before has set.
-- Read committed, because a migration that replaces a table waits for its lock and must then see every row that was
-- written until it had it.
select /* include own_settings */
