"""What keeps rows from being dropped: the floor under audit tables, and legal holds."""
