-- A row's text depends on these settings, so whoever counts sets them alike, for one transaction. Without
-- row_security = off a count lies where a policy hides rows; with it, it fails.
set local datestyle = 'ISO, YMD';
set local intervalstyle = 'postgres';
set local timezone = 'UTC';
set local extra_float_digits = 1;
set local bytea_output = 'hex';
set local lc_monetary = 'C';
set local search_path = pg_catalog;
set local row_security = off;
set local statement_timeout = 0;
