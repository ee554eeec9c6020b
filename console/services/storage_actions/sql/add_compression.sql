-- Lets TimescaleDB compress chunks that are older.
select "{schema}".add_compression_policy(
    %(table)s::regclass, compress_after => %(after)s::interval)
