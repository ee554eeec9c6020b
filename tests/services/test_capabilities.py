"""Whatever the storage cannot do is refused in a sentence, with the statement or the setting that helps."""

import pytest

from console.errors import ConsoleError, NoPrivilege, Unsupported
from console.services.capabilities import Ability, Capabilities, Probe
from tests.services.health.facts import row, server

SERVERS = {
    "plain": server(),
    "apache": server(timescaledb="2.23.0", timescaledb_license="apache"),
    "old": server(timescaledb="2.11.0", timescaledb_license="timescale"),
    "denied": server(timescaledb="2.29.0", timescaledb_license="timescale"),
}


def able(name: str) -> Capabilities:
    """Nothing of it is there; to one role everything is, and it may read none of it."""
    needs = [ability.value for ability in Ability]
    relations = {name for need in needs for name in (need.relation, *need.also) if name} if name == "denied" else ()
    facts = {
        "schema_": None if name == "plain" else "public",
        "restoring": False,
        "relations": list(relations),
        "functions": {need.function: [n.argument for n in needs] for need in needs} if name == "denied" else {},
        "unreadable": list(relations),
    }
    return Capabilities(SERVERS[name], row(Probe, facts, {}))


@pytest.mark.parametrize("ability", Ability, ids=lambda ability: ability.name)
@pytest.mark.parametrize("name", SERVERS)
def test_every_refusal_says_what_helps(name: str, ability: Ability) -> None:
    known = able(name)
    if name == "denied" and not ability.value.relation:
        assert known.has(ability), "functions are everybody's"
        return
    with pytest.raises(ConsoleError) as caught:
        known.require(ability)
    assert type(caught.value) is (NoPrivilege if name == "denied" else Unsupported)
    assert caught.value.message.endswith(".")
    helps = {"plain": "CREATE EXTENSION", "apache": "restart", "old": "ALTER EXTENSION", "denied": "GRANT"}[name]
    own = {Ability.PG_CRON: "CREATE EXTENSION pg_cron", Ability.AUDIT_PARTITIONS: "migrate status"}
    licensed = ability.value.licensed or name != "apache"
    wanted = helps if name == "denied" else own.get(ability, helps if licensed else "ALTER EXTENSION")
    assert wanted in caught.value.hint, caught.value.hint
