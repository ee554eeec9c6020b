"""The migration engine: files, ledger, one lock, one transaction a file; usable without the console."""
