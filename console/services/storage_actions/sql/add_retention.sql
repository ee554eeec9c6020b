-- Lets TimescaleDB drop chunks that are older.
select "{schema}".add_retention_policy(
    %(table)s::regclass, drop_after => %(after)s::interval)
