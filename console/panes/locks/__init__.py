"""Who blocks whom: the lock tree, root blockers first."""
