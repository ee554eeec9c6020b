"""What stands before a plan to apply is even made: nothing is pending, or a manual migration comes first."""

from collections.abc import Sequence

from console.migrate.models import APPLIED
from console.migrate.reports import MigrationStatus
from console.migrate.selection import WAITING
from console.panes.migrations.models import Goal


def nothing_to_plan(goal: Goal, rows: Sequence[MigrationStatus]) -> str:
    """Why there is nothing to plan, and which key leads on; empty where there is.

    >>> rows = [MigrationStatus(f"00{n}", "x", "pending", "any", manual=True) for n in (6, 7)]
    >>> nothing_to_plan(Goal(back=False), rows)
    'Nothing is pending; 006 and 007 are manual: x on a row plans it.'
    >>> nothing_to_plan(Goal(back=False, to="007"), rows)
    '006_x is manual and comes before 007. Plan it by itself first: x on 006.'
    >>> nothing_to_plan(Goal(back=False), [*rows, MigrationStatus("008", "x", "pending", "any")])
    '006_x is manual and comes before 008. Plan it by itself first: x on 006.'
    >>> nothing_to_plan(Goal(back=False, to="006"), rows)
    ''
    """
    if goal.back or not all(row.state in APPLIED | WAITING for row in rows):  # the planner says what stands in the way
        return ""
    manual = [row for row in rows if row.state in WAITING and row.manual]
    others = [row.version for row in rows if row.state in WAITING and not row.manual]
    target = goal.to or next(iter(others), None)
    if target is None:
        return f"Nothing is pending{_named([row.version for row in manual])}."
    first = next((row for row in manual if int(row.version) < int(target)), None)
    if first is None:
        return ""
    return f"{first.label} is manual and comes before {target}. Plan it by itself first: x on {first.version}."


def _named(versions: Sequence[str]) -> str:
    if not versions:
        return ""
    named = " and ".join([", ".join(versions[:-1]), versions[-1]] if len(versions) > 1 else versions)
    return f"; {named} {'are' if len(versions) > 1 else 'is'} manual: x on a row plans it"
