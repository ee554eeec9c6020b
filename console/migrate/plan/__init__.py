"""What a run would do, before it does it: statements, locks, findings, and what a rollback would destroy."""
