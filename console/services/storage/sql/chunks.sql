-- The chunks of one hypertable, or of all, in no order: we sort faster than a server that compares names by collation.
/* include chunk */
