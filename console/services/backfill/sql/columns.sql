-- How far the schema is: the column that is filled comes with 004, the one that it is filled from goes with 007.
select count(*) filter (where attname = 'patient_uuid') = 1 as linked,
       count(*) filter (where attname = 'patient_id') = 1 as legacy
  from pg_attribute
 where attrelid = to_regclass('tasks') and attnum > 0 and not attisdropped
