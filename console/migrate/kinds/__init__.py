"""What one statement does, told from its words alone: no database, and no other parser."""
