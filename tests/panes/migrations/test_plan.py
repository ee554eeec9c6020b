"""What a plan says, and when it must not be run."""

from dataclasses import replace
from datetime import timedelta

import pytest

from console.migrate.lint.models import Finding
from console.migrate.plan.reports import Hold, LastBackup, Plan
from console.migrate.reports import Event, MigrationStatus, Result, State
from console.migrate.watch import described
from console.panes.migrations.course import Course
from console.panes.migrations.models import Goal
from console.panes.migrations.plan_facts import refusal
from console.panes.migrations.plan_lines import plan_lines
from console.panes.migrations.service import goal_of
from console.ui.lines import Line
from tests.panes import looks
from tests.panes.migrations import plans
from tests.ui.sample import HOSTILE


def said(lines: list[Line]) -> str:
    """Lines as text."""
    return "\n".join("".join(piece.text for piece in line.pieces).rstrip() for line in lines)


def one_line(plan: Plan) -> str:
    """A plan as words."""
    return " ".join(said(plan_lines(plan, 80)).split())


def rows(*states: State) -> list[MigrationStatus]:
    """Migrations 001, 002, ... in these states, applied one a batch."""
    return [
        MigrationStatus(f"{number:03}", "x", state, "any", batch=None if state == "pending" else number)
        for number, state in enumerate(states, 1)
    ]


@pytest.mark.parametrize(
    ("place", "goal"),
    [
        (0, Goal(back=True, all=True)),
        (1, Goal(back=True, to="001")),
        (2, Goal(back=True, to="002")),
        (3, Goal(back=True)),
        (4, Goal(back=False, to="005")),
    ],
)
def test_what_the_plan_of_a_row_is_about(place: int, goal: Goal) -> None:
    found = rows("applied", "applied_unverified", "missing_file", "applied", "pending")
    assert goal_of(found[place], found) == goal


def test_what_was_applied_later_goes_first_whatever_its_number() -> None:
    found = [replace(row, batch=batch) for row, batch in zip(rows("applied", "applied"), (2, 1), strict=True)]
    assert goal_of(found[0], found) == Goal(back=True)
    assert goal_of(found[1], found) == Goal(back=True, all=True)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    for plan in (plans.patients(), plans.audited(), plans.pending()):
        lines = said(plan_lines(plan, width, [plans.HOLDER])).splitlines()
        assert max(map(len, lines)) <= width


def test_losses_come_first_and_nothing_unknown_is_none() -> None:
    text = one_line(plans.audited())
    assert text.startswith(
        "would destroy rows bytes newest since applied ✖ table audit_logs PHI at least 100,000 8.49 GB"
    )
    assert "table audit_log_details PHI unknown" in text
    assert "retention ✖ audit_logs has rows younger than 2,555 days" in text
    assert "audit_log_details: Row security hides rows from this role, so nobody knows how many there are." in text
    assert "opens access ▲ policy patient_access_policy on tasks goes." in one_line(plans.patients())


@pytest.mark.parametrize("width", [60, 80])
def test_the_name_of_what_would_be_destroyed_is_never_cut(width: int) -> None:
    loss = replace(plans.patients().rows[0].loss[0], phi=False)
    names = [f"{'ward_' * 12}.{'value_' * 10}", "handover_item_attachments.bed"]
    lost = [replace(loss, object=name) for name in names]
    text = said(plan_lines(plans.plan([plans.way_back("004", "x", [], lost)]), width))
    whole = "".join(line.strip().split("  ")[0] for line in text.splitlines())
    assert all(name in whole for name in names)


def test_how_long_writers_wait_has_to_be_agreed_to() -> None:
    statement = plans.statement(1, 1, "ALTER TABLE", "column x", "tasks", 7.2)
    assert "needs --accept-stall 8" in one_line(plans.plan([plans.way_back("004", "x", [statement], [])]))


def test_a_rollback_without_loss_says_so() -> None:
    plan = plans.plan([plans.way_back("004", "x", [], [])])
    assert said(plan_lines(plan, 80)).startswith("  It destroys no rows and no values.")


def test_who_is_in_the_way_now() -> None:
    text = said(plan_lines(plans.patients(), 120, [plans.HOLDER]))
    assert "held now by   session 902 (emr_app emr-gateway, active for 0 s)" in text


def test_what_files_and_server_say_cannot_steer_the_terminal() -> None:
    statement = plans.statement(1, 1, HOSTILE, HOSTILE, "x", 0.1)
    row = plans.way_back(HOSTILE, HOSTILE, [statement], [], not_rehearsed=HOSTILE, inverse="partial", stays=HOSTILE)
    row.lint.append(Finding("EM01", "W", HOSTILE, 1, HOSTILE, waived=HOSTILE))
    row.loss.append(replace(plans.patients().rows[0].loss[0], object=HOSTILE, note=HOSTILE, opens_access=True))
    row.loss.append(replace(plans.patients().rows[0].loss[0], object=HOSTILE, note=HOSTILE))
    holder = plans.HOLDER.model_copy(update={"role": HOSTILE, "application": HOSTILE})
    assert all(
        character.isprintable() for character in said(plan_lines(plans.plan([row]), 80, [holder])).replace("\n", "")
    )


def test_what_a_run_tells_cannot_steer_the_terminal() -> None:
    course = Course([HOSTILE], {("004", 3): HOSTILE})
    for event in plans.waiting():
        course.hear(replace(event, message=HOSTILE), 0.0)
    text = said(course.lines(80, 0.0))
    assert all(character.isprintable() for character in text.replace("\n", ""))


def refused(finding: Finding) -> Plan:
    """A plan about which lint says something."""
    row = plans.patients().rows[0]
    return plans.plan([replace(row, lint=[finding])])


YOUNG = "rows younger than 2,555 days, which have to be kept"
ERROR = Finding("EM08", "E", "004_x.down.sql", 3, "It locks.")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (plans.plan([]), "Nothing would be done."),
        (plans.audited(), f"✖ Not offered without a backup: audit_logs has {YOUNG}. B makes one first."),
        (
            replace(plans.audited(), holds=[Hold("public.audit_logs", "case 17", "ana")]),
            '✖ Not offered: public.audit_logs is under legal hold: "case 17" of ana.',
        ),
        (refused(ERROR), "✖ Not offered: lint refuses it by EM08 (004_x.down.sql, line 3)."),
        (refused(replace(ERROR, waived="the table is empty")), ""),
        (plans.patients(), ""),
    ],
)
def test_what_must_not_be_run(plan: Plan, said: str) -> None:
    assert refusal(plan) == said
    assert refusal(plan, backup=True) == ("" if "without a backup" in said else said)


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (LastBackup(), "backup none in 24 h → B makes one first"),
        (LastBackup(looks.NIGHT - timedelta(days=1), "/srv/b"), "backup none in 24 h → B makes one first"),
        (LastBackup(looks.NIGHT - timedelta(hours=2), "/srv/b"), "backup of 2 h ago in /srv/b"),
        (LastBackup(note="It may not be read."), "backup unknown: It may not be read. → B makes one first"),
    ],
)
def test_the_newest_backup_is_said(last: LastBackup, said: str) -> None:
    text = one_line(replace(plans.patients(), backup=last))
    assert f"inverse exact · rehearsed 71.0 ms {said} runs" in text


def test_a_run_counts_the_seconds_of_its_statement() -> None:
    course = Course(["005_a", "004_b"])
    for event in plans.waiting():
        course.hear(event, 10.0)
    text = said(course.lines(80, 14.2))
    assert "● 1 of 2  005_a  rolled back in 1.20 s" in text
    assert "→ 2 of 2  004_b" in text
    assert "statement 3 of 8, line 9, 4 s" in text
    course.result = Result(["005", "004"])
    assert "● Done: 2 of 2." in said(course.lines(80, 14.2))


def test_what_the_checks_said_stands_beside_what_was_applied() -> None:
    course = Course(["004_b"])
    course.hear(Event("migration", 0.0, "004", statements=8), 0.0)
    course.hear(Event("verified", 0.9, "004", message="14 checks hold"), 0.0)
    course.hear(Event("applied", 1.0, "004"), 0.0)
    assert "● 1 of 1  004_b  applied in 1.00 s, 14 checks hold" in said(course.lines(80, 0.0))


def test_waiting_again_and_again_is_no_new_beginning_and_who_is_in_the_way_stays_named() -> None:
    """The first try knows nobody yet, the second tells who it is, later ones only call him by his number."""
    course, who = Course(["004_b"]), plans.BLOCKER
    course.hear(Event("migration", 0.0, "004", statements=2), 0.0)
    tries = [("", []), (described([who]), [who]), *[(described([who], {who.pid}), [who])] * 20]
    for number, (told, blockers) in enumerate(tries):
        course.hear(Event("statement", number, "004", 1, 2, 9), number)
        message = f"No lock (try {number}) {told}"
        course.hear(Event("waiting", number, "004", message=message, blockers=blockers), number)
    text = said(course.lines(240, 23.0))
    assert "statement 1 of 2, line 9, 23 s" in text
    assert [line.strip() for line in text.splitlines() if "try" in line] == [
        f"1 s: No lock (try 1) {described([who])}",
        "21 s: No lock (try 21) still session 4711",
    ]
    course.hear(Event("statement", 25.0, "004", 2, 2, 11), 25.0)
    assert "statement 2 of 2, line 11, 3 s" in said(course.lines(240, 28.0))
