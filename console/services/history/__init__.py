"""What was on the panes at earlier moments: in the memory of the console, and in files that outlive it."""
