"""Brings patients in from a file: every record is checked beside the others and beside the patients who are there, then
all of them are written or none."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from console.db.copying import CopyWriter
from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, Exit, Unsupported, UsageError
from console.services.bulk import service as bulk
from console.services.bulk.models import Deed
from console.services.patients.models import KEPT, Column, Comparison, Finding, Report, Twins
from console.services.patients.reading import READERS, Lines, Reader, Unusable
from console.services.patients.rules import check

UNCHANGED = "Nothing was written."

SETTINGS = bulk.SETTINGS | {"lock_timeout": "1000", "statement_timeout": "0"}
"""Of a session that imports: a big file takes its time, but waits for nobody."""

STAGE = "pg_temp.patients_import"
"""Where the records are held, seen by our session only and gone with it."""

TURN = 1_000
"""After so many records others may run, such as whoever wants to stop this."""

COLUMNS = Query(__package__, "columns")
TWINS = Query(__package__, "twins")
COMPARISON = Query(__package__, "comparison")


async def examine(session: Session, path: Path, reader: str) -> Report:
    """Read the whole file and say what is wrong with it and what is new; patients are not touched.

    `reader` is one of READERS. The records that keep every rule wait in the session for `insert`.
    """
    columns = await _columns(session)
    report = Report()
    with _opened(path) as file:
        await _stage(session, file, READERS[reader], columns, report)
    await _without_twins(session, report)
    found = await _compare(session)
    report.new, report.same, report.conflicting = found.new, found.same, found.conflicting
    report.tell(found.findings, found.total)
    report.findings.sort(key=lambda finding: finding.line)
    return report


async def insert(session: Session, report: Report, reason: str) -> None:
    """Write the new patients of an examined file, and record it; all of it or nothing.

    Raises ConsoleError (exit 14) when somebody else has written such patients meanwhile.
    """
    columns = await _columns(session)
    deed = Deed("patients import", "INSERT", "PATIENT", reason)
    async with session.transaction():
        await bulk.sign(session, deed)
        found = await _compare(session)
        inserted = await session.execute(_insertion(columns))
        if (found.new, found.same, inserted) != (report.new, report.same, report.new):
            raise ConsoleError(
                "Patients of this file were written by somebody else while it was being imported.",
                state=UNCHANGED,
                hint="Start it again.",
                exit=Exit.PLAN_OUTDATED,
            )
        await bulk.record(session, deed, "ended", {"inserted": inserted, "same": found.same, "sha256": report.sha256})
    report.inserted = inserted


async def _columns(session: Session) -> list[Column]:
    await session.server()
    if session.single_session:
        raise Unsupported("This server takes no COPY, and so no file.", state=UNCHANGED)
    columns = await session.fetch(COLUMNS, Column)
    if not columns:
        raise UsageError(
            "This database has no table of patients.", state=UNCHANGED, hint="Run emr-console migrate up first."
        )
    await bulk.require_every_row(session, "patients")
    return columns


def _opened(path: Path) -> BinaryIO:
    try:
        if path.exists() and not path.is_file():
            raise OSError(0, "it is no file")  # a pipe might keep us waiting where nobody can interrupt
        return path.open("rb")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", state=UNCHANGED) from error


async def _stage(session: Session, file: BinaryIO, reader: Reader, columns: list[Column], report: Report) -> None:
    """Put the records that keep the rules into the session's own table, and tell of the others."""
    names = [column.name for column in columns]
    listed = ", ".join(map(quote, names))
    await session.execute(
        f"create temp table patients_import as select 0::bigint as line, {listed} from patients limit 0"
    )
    lines = Lines(file)
    try:
        async with session.copy_in(STAGE, ["line", *names]) as copy:
            await _copy(copy, lines, reader, columns, report)
    except Unusable as unusable:
        report.tell(unusable.findings)
    except OSError as error:
        raise UsageError(f"The file cannot be read to its end: {error.strerror}.", state=UNCHANGED) from error
    await session.execute(f"analyze {STAGE}")
    report.sha256 = lines.sha256


async def _copy(copy: CopyWriter, lines: Lines, reader: Reader, columns: list[Column], report: Report) -> None:
    for record in reader(lines, columns):
        report.read += 1
        row, findings = ([], [record]) if isinstance(record, Finding) else check(record, columns)
        if findings:
            report.tell(findings)
        else:
            report.valid += 1
            await copy.write_row([record.line, *row])
        if report.read % TURN == 0:
            await asyncio.sleep(0)


async def _without_twins(session: Session, report: Report) -> None:
    twins = await session.fetch_one(TWINS, Twins, most=KEPT)
    report.valid -= twins.lines
    report.tell(twins.findings, twins.total)


async def _compare(session: Session) -> Comparison:
    return await session.fetch_one(COMPARISON, Comparison, most=KEPT)


def _insertion(columns: Sequence[Column]) -> str:
    """The statement that writes what is new; what the file does not say is what the table says."""
    names = ", ".join(quote(column.name) for column in columns)
    values = ", ".join(
        f"coalesce({quote(column.name)}, {column.default})" if column.default else quote(column.name)
        for column in columns
    )
    return f"insert into patients ({names}) select {values} from {STAGE} on conflict do nothing"
