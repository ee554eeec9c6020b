"""Patients: brought in from files that an EMR exported, all of them or none."""
