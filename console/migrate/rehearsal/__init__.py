"""Migrations tried on a scratch database: there, back and there again, and what each step really does."""
