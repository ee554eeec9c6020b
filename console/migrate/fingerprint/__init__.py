"""What a schema consists of, as one list of objects with a hash: compared, kept after each run, looked at for drift."""
