"""The page of one day: what is wrong with it, and its seals."""

from console.iso import to_day, to_second
from console.panes.audit.seals.columns import SIGNS
from console.panes.audit.seals.sealed import SealedDay
from console.services.audit.sealing.models import Later, Seal
from console.ui.detail import Block
from console.ui.facts import facts_text
from console.units import number_of


def title(day: SealedDay) -> str:
    """Which day, and how it stands."""
    return f"{day.day}: {SIGNS[day.state].strip('✖▲● ')}"


def blocks(day: SealedDay) -> list[Block]:
    """What is wrong with it, with the rows that came later; its seal in each table."""
    wrong = [
        Block(f"{finding.table}: {finding.state}", "\n".join([finding.sentence, *map(_later, finding.later)]))
        for finding in day.findings
    ]
    sealed = [
        Block(f"{seal.table_name}: seal {seal.number:,}, {number_of(seal.rows, 'row')}", _told(seal))
        for seal in day.seals
    ]
    return [*wrong, *(sealed or [Block("seals", "none")])]


def _told(seal: Seal) -> str:
    known = {
        "sealed": f"{to_second(seal.sealed_at)} UTC by {seal.sealed_by}, role {seal.sealed_as}",
        "seal": seal.seal,
        "signed": f"by {seal.public_key}" if seal.public_key else "not signed; a later signature proves it, too",
        "retired": f"{to_day(seal.retired_at)} by {seal.retired_by}" if seal.retired_at else "",
    }
    return facts_text([(label, value) for label, value in known.items() if value])


def _later(row: Later) -> str:
    return f"{row.created_at:%H:%M:%S.%f}  {row.id}"
