"""What tells of storage and of its jobs, and changes what they do."""
