-- Put the search path back that the session began with.
select set_config('search_path', %(search_path)s, false)
