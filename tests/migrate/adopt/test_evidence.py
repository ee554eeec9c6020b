"""What speaks for a migration's having run, decided from fingerprints alone."""

import pytest

from console.migrate.adopt.evidence import Evidence, Verdict, compared, verdict
from console.migrate.fingerprint.difference import Fingerprint

EMPTY: dict[str, str] = {}
ONE = {"table t": "id", "index i": "on t", "function f()": "a"}
TWO = {"table t": "id, a", "column t.a": "int", "index i": "on t", "function f()": "b"}
THREE = {"table t": "id, a", "column t.a": "int", "function f()": "b"}
LEVELS = [Fingerprint(objects) for objects in (EMPTY, ONE, TWO, THREE)]


def verdicts(live: dict[str, str]) -> list[Verdict]:
    """What is to be done with each of the three."""
    found: list[Verdict] = []
    for evidence in compared(LEVELS, Fingerprint(live)):
        found.append(verdict(evidence, vouched=False, intact=set(found) <= {"adopt"}))
    return found


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        (EMPTY, ["pending", "pending", "pending"]),
        (ONE, ["adopt", "pending", "pending"]),
        (TWO, ["adopt", "adopt", "pending"]),
        (THREE, ["adopt", "adopt", "adopt"]),
        (ONE | {"table by_hand": "id", "owner of table t": "ana"}, ["adopt", "pending", "pending"]),
        ({"table t": "id"}, ["partial", "pending", "pending"]),
        ({"table t": "x"}, ["partial", "pending", "pending"]),
        (TWO | {"function f()": "a"}, ["adopt", "partial", "pending"]),
        (TWO | {"index i": "on t (b)"}, ["partial", "held_back", "pending"]),
    ],
)
def test_verdicts(live: dict[str, str], expected: list[Verdict]) -> None:
    assert verdicts(live) == expected


def test_why() -> None:
    found = compared(LEVELS, Fingerprint({"table t": "x", "function f()": "a", "index i": "on t"}))
    assert [each.different for each in found] == [("table t",), ("function f()", "table t"), ()]
    assert [each.missing for each in found] == [(), ("column t.a",), ()]
    assert [each.unwanted for each in found] == [(), (), ("index i",)]


def test_what_a_later_one_takes_away_is_missing_unless_that_one_is_whole() -> None:
    levels = [*map(Fingerprint, (EMPTY, {"a": "1"}, {"a": "1", "x": "1"}, {"a": "1", "y": "1"}))]
    first = compared(levels, Fingerprint({"a": "1"}))
    assert [each.missing for each in first] == [(), ("x",), ("y",)]
    assert [each.whole for each in compared(levels, Fingerprint({"a": "1", "y": "1"}))] == [True, True, True]


def test_a_check_that_does_not_hold_makes_it_partial() -> None:
    assert verdict(Evidence(seen=True, failed=("3 rows",)), vouched=True, intact=True) == "partial"


def test_what_leaves_no_trace_needs_somebody_to_vouch_for_it() -> None:
    (silent,) = compared([Fingerprint(ONE), Fingerprint(ONE)], Fingerprint(ONE))
    assert silent.silent
    assert verdict(silent, vouched=False, intact=True) == "pending"
    assert verdict(silent, vouched=True, intact=True) == "adopt"
