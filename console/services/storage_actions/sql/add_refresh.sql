-- Lets TimescaleDB refresh a continuous aggregate.
select "{schema}".add_continuous_aggregate_policy(
    %(view)s::regclass,
    start_offset => %(start)s::interval, end_offset => %(end)s::interval,
    schedule_interval => %(every)s::interval)
