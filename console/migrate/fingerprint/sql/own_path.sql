-- Search again where the session did: an open transaction goes on after this. And proof that until here no schema was
-- searched: had the round trip been more than one transaction, names would have been told otherwise.
select current_setting('search_path') as path_until_now,
       set_config('search_path', current_setting('emr.search_path'), true) as path
