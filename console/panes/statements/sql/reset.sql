-- Every counter of every database of this server begins again at zero; the action that a person confirms.
select "{schema}".pg_stat_statements_reset()
