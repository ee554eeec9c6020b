-- Until the end of this round trip no schema is searched, so that every name is told in full whoever asks; and whether
-- TimescaleDB is to be asked, too. It holds for the implicit transaction of the pipeline, or for the one that is open.
-- Compiling so long a query takes 0.9 s (measured with 226 partitions on 15), running it 0.03 s.
select pg_catalog.set_config('emr.search_path', pg_catalog.current_setting('search_path'), true) as own_path,
       pg_catalog.set_config('search_path', 'pg_catalog', true) as path,
       pg_catalog.set_config('jit', 'off', true) as jit,
       exists (select from pg_extension where extname = 'timescaledb') as timescaledb
