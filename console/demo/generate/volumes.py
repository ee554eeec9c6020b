"""How many rows of each table a scale means."""

from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Volumes:
    """Rows per table."""

    departments: int
    """Wards and other units."""
    users: int
    """Staff."""
    shifts: int
    """Eight hours each, the last of every department still to come."""
    patients: int
    """Registered patients."""
    tasks: int
    """Clinical tasks."""
    emr_verifications: int
    """Checks of tasks against the EMR."""
    handovers: int
    """From one shift to the next."""
    handover_items: int
    """Lines of handovers."""
    handover_templates: int
    """Forms, one a department."""
    audit_logs: int
    """Audit rows of seven years."""
    audit_log_details: int
    """States before and after a change."""

    @property
    def total(self) -> int:
        """All rows together."""
        return sum(astuple(self))


def at(scale: float) -> Volumes:
    """The seed's table statistics times `scale`, but never too few to work with.

    >>> at(1).audit_logs, at(0.01).patients, at(0.0001).departments
    (10000000, 500, 5)
    """
    departments = max(5, round(50 * scale))
    return Volumes(
        departments=departments,
        users=max(20, round(1_000 * scale)),
        shifts=max(4 * departments, round(10_000 * scale)),
        patients=max(50, round(50_000 * scale)),
        tasks=max(200, round(500_000 * scale)),
        emr_verifications=max(40, round(100_000 * scale)),
        handovers=max(20, round(20_000 * scale)),
        handover_items=max(200, round(200_000 * scale)),
        handover_templates=departments,
        audit_logs=max(1_000, round(10_000_000 * scale)),
        audit_log_details=max(100, round(1_000_000 * scale)),
    )
