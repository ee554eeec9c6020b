"""PANES: the only list of panes there is, in the order of the pane bar."""

from console.ui.place import Place

PANES: tuple[Place, ...] = (
    Place("overview", "Overview", "Over", "1", "Is it well? The verdict of every check, worst first."),
    Place("sessions", "Sessions", "Sess", "2", "Who is connected, doing what, for how long."),
    Place("locks", "Locks", "Lock", "3", "Who blocks whom."),
    Place("statements", "Statements", "Stmt", "4", "What is slow, now and since the last reset."),
    Place("database", "Database", "Db", "5", "Sizes, cache, tables, indexes, replication, progress."),
    Place("storage", "Storage", "Stor", "6", "Hypertables and partitions with their chunks, aggregates, retention."),
    Place("jobs", "Jobs", "Jobs", "7", "What runs by itself, and why it fails."),
    Place("migrations", "Migrations", "Migr", "8", "Where the schema stands."),
    Place("audit", "Audit", "Aud", "9", "Who did what to which patient."),
    Place("patients", "Patients", "Pat", "0", "Find a patient, see who looked."),
    Place("fleet", "Fleet", "Fleet", "F", "Every configured server at a glance."),
)
"""A pane is one folder below console/panes, and one entry here: what its class says, imported when it is shown."""
