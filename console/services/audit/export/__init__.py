"""The audit log as a file that proves itself: CSV, JSON lines, FHIR AuditEvents or a page for print; its manifest."""
