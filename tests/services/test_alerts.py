"""What a person hears of: pulses of a night, and what stands after each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

import pytest

from console.cli.opening import listen
from console.config.health import Health
from console.config.settings import Settings
from console.db.database import Database
from console.db.pulse import Pulse
from console.services.alerts import Alert, Standing, Watch, after
from console.ui.alarms import Alarmed
from tests.targets import target

NIGHT = datetime(2026, 3, 14, 3, 7, tzinfo=UTC)
LIMITS = Health()


def pulse(second: float = 0, **known: object) -> Pulse:
    """A calm pulse, except for what is given."""
    calm: dict[str, object] = {
        "as_of": NIGHT + timedelta(seconds=second), "started": NIGHT, "in_recovery": False,
        "connections": 12, "connection_limit": 97, "transactions": 0,
        "stats_reset": None, "blocked": 0, "longest_transaction": 0.2,
    }  # fmt: skip
    return Pulse.model_validate(calm | known)


def said(*pulses: Pulse) -> Sequence[Alert]:
    """What stands after these."""
    return reduce(lambda standing, beat: after(standing, beat, LIMITS), pulses, Standing()).alerts


@pytest.mark.parametrize(
    ("pulses", "told"),
    [
        ([pulse()], []),
        ([pulse(blocked=None, longest_transaction=None)], []),  # a role that does not see everybody
        ([pulse(connections=78)], ["▲ 78 of 97 connections used"]),
        ([pulse(connections=88)], ["✖ 88 of 97 connections used"]),
        ([pulse(connections=88), pulse(2, connections=80)], ["✖ 80 of 97 connections used"]),  # it has to ease first
        ([pulse(connections=88), pulse(2, connections=78)], ["▲ 78 of 97 connections used"]),
        ([pulse(connections=88), pulse(2, connections=69)], []),
        ([pulse(blocked=2)], []),  # a moment's wait is nobody's business
        ([pulse(blocked=2), pulse(10, blocked=1)], ["▲ 1 session waits for a lock"]),
        ([pulse(blocked=2), pulse(5, blocked=0), pulse(10, blocked=9)], []),
        ([pulse(blocked=2), pulse(61, blocked=9)], ["✖ 9 sessions wait for a lock"]),
        ([pulse(longest_transaction=720.0)], ["▲ a transaction is 12 m old"]),
        ([pulse(longest_transaction=7_300.0)], ["✖ a transaction is 2 h old"]),
        ([pulse(in_recovery=True)], []),  # a standby is no news by itself
        ([pulse(in_recovery=True), pulse(2), pulse(900)], ["✖ this server has become the primary"]),
        ([pulse(), pulse(2, in_recovery=True)], ["✖ this server has become a standby, which takes no writes"]),
        (
            [pulse(connections=80, longest_transaction=9_999.0)],
            ["✖ a transaction is 2 h old", "▲ 80 of 97 connections used"],
        ),
    ],
)
def test_what_stands(pulses: list[Pulse], told: list[str]) -> None:
    assert [f"{'✖' if alert.critical else '▲'} {alert.text}" for alert in said(*pulses)] == told


def test_every_profile_has_its_own_limits() -> None:
    assert after(Standing(), pulse(connections=70), Health(connections_warn=60)).alerts
    assert not after(Standing(), pulse(connections=70), LIMITS).alerts


def test_only_what_changes_is_told() -> None:
    watch = Watch(LIMITS)
    assert watch.beat(pulse()) is None
    assert [alert.kind for alert in watch.beat(pulse(2, connections=80)) or ()] == ["connections"]
    assert watch.beat(pulse(4, connections=80)) is None
    assert watch.beat(pulse(6)) == ()


class Ears:
    """Stands where the console stands: hears what is posted to it."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def post_message(self, message: Any) -> None:
        self.heard.append(message)


async def test_the_console_hears_of_a_real_servers_pulse_by_its_profiles_limits(pg18_database: str) -> None:
    settings = Settings.model_validate({"profiles": {"night": {"health": {"connections_warn": 0.5}}}})
    for profile, told in (("night", ["connections"]), (None, [])):
        ears = Ears()
        async with Database(replace(target(pg18_database), profile=profile)) as db:
            listen(ears, db, settings)  # type: ignore[arg-type]  # a stand-in
            await db.pipeline()
        assert [alarm.kind for heard in ears.heard if isinstance(heard, Alarmed) for alarm in heard.alarms] == told
