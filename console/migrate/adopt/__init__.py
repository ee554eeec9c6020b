"""Migrations that are there although this engine did not run them: found out, and written into the ledger."""
