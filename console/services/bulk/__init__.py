"""What every change of many rows needs: to see them all, and to leave a trace in the audit log."""
