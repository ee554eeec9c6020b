"""The seals tab: which days of the audit log are sealed, and whether they still are what was sealed."""
