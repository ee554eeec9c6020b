-- Where this role's objects go and are found, as server, database and role have set it; kept to be put back.
select current_setting('search_path') as search_path
