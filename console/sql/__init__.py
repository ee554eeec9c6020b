"""What every part knows about the SQL language itself."""
