-- Scratch databases whose maker's session is gone; its process number stands in their names.
select datname as name
  from pg_database
 where datname ~ '^emr_console_trial_\d+_[0-9a-f]+$'
   and not exists (select from pg_stat_activity where pid::text = split_part(datname, '_', 4))
