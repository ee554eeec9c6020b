-- Computes a range of a continuous aggregate anew; of it only whole buckets. Never in a transaction.
call "{schema}".refresh_continuous_aggregate(
    %(view)s::regclass, %(start)s, %(end)s)
