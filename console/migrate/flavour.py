"""Which of the two flavours of the migrations a database gets; chosen once, kept in its ledger."""

from collections.abc import Sequence
from typing import Literal

from console.errors import Refused
from console.migrate.models import APPLIED, Meta, Recorded
from console.migrate.server_models import TimescaleDB

Chosen = Literal["timescale", "plain"]
"""The flavour of a database."""


def choose(facts: TimescaleDB, override: Chosen | None, meta: Meta | None, recorded: Sequence[Recorded]) -> Chosen:
    """The flavour for this database: what was asked for, else the ledger's choice, else what the server offers."""
    applied = [row for row in recorded if row.state in APPLIED]
    kept = meta.flavour if meta and applied else None
    bound = next((row for row in applied if row.flavour != "any"), None)
    if override and bound and override != bound.flavour:
        raise Refused(
            f"{bound.label} is applied here in its {bound.flavour} flavour, so {override} is no choice any more.",
            state="Nothing was changed.",
            hint=f"Roll {bound.version} back first, or leave --flavour out.",
        )
    return override or kept or offered(facts)


def offered(facts: TimescaleDB) -> Chosen:
    """What a server offers: timescale where the fully licensed TimescaleDB is there or may be created.

    The licence is unknown until the library is loaded; then the full one is assumed.

    >>> offered(TimescaleDB(installed="2.23.0", available="2.23.0", license="apache", preloaded=True, may_create=True))
    'plain'
    """
    creatable = facts.available is not None and facts.preloaded and facts.may_create
    usable = facts.installed is not None or creatable
    return "timescale" if usable and facts.license != "apache" else "plain"
