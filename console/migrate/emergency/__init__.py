"""The emergency rollback: a proved backup first, then everything in one transaction, unless something has changed."""
