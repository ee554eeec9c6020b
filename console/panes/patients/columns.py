"""What is shown of a patient in a list; all of it is masked before it leaves the server."""

from console.services.patients.found_models import Patient
from console.ui.columns import Column, Kind, Tone

COLUMNS: tuple[Column[Patient], ...] = (
    Column(id="name", title="name", value=lambda p: p.name, width=16, grows=True,
           tone=lambda p: Tone.MUTED if p.name == "encrypted" else Tone.PLAIN),
    Column(id="born", title="born", value=lambda p: p.birth_year, text=str, width=5, kind=Kind.NUMBER),
    Column(id="mrn", title="record number", value=lambda p: p.mrn, width=14),
    Column(id="system", title="EMR", value=lambda p: p.system, width=12),
    Column(id="emr_patient_id", title="id there", value=lambda p: p.emr_patient_id, width=10),
    Column(id="deleted", title="deleted", value=lambda p: "deleted" if p.deleted else "", width=8,
           tone=lambda _: Tone.WARNING),
    Column(id="id", title="id", value=lambda p: str(p.id), width=36, priority=3),
)  # fmt: skip
"""The id is no PHI: by it a patient is told from others of the same letters."""
