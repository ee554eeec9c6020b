-- Keep the choice, so that every later run and every rollback uses the same files.
update emr_console.meta set flavour = %(flavour)s where flavour is distinct from %(flavour)s
