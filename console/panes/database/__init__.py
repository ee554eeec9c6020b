"""How this database is: figures of the whole, its tables and indexes, who follows it, what takes long."""
