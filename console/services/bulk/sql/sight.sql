-- Whether row-level security hides rows of these tables from our role. It would take a part for the whole then: fill some
-- tasks and call it done, or insert a patient whom it cannot see.
select c.relname::text as "table", c.relowner::regrole::text as owner, row_security_active(c.oid) as partial
  from unnest(%(tables)s::text[]) as wanted (name)
  join pg_class c on c.oid = to_regclass(wanted.name)
