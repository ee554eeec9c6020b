"""Every index: its size, whether it is used, broken, or does what another one does, and how to be rid of it."""
