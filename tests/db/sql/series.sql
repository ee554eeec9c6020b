-- An answer of many rows.
select n as number from generate_series(1, %(count)s) n
