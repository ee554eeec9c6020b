"""Who follows this server and how far behind, what WAL is kept for whom, and how far a standby is itself."""
