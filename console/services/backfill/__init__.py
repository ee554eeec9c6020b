"""Phase 2 of the move to patients: tasks.patient_uuid is filled from the identifiers that tasks carry."""
