"""What the storage of a database holds: hypertables and partitioned tables, their parts, aggregates, retention."""
