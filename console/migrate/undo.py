"""Taking back what is done of an up that stopped half-way: with those statements of its down that belong to it."""

from collections.abc import Iterable, Sequence

from console.errors import Refused
from console.migrate.files import Script, read_script
from console.migrate.kinds.analyse import analyse
from console.migrate.kinds.models import Analysis, Object

_LEAVES_NOTHING = frozenset({"VACUUM", "VACUUM FULL", "ANALYZE", "LOCK TABLE", "COMMENT", "CHECKPOINT"})


def way_back(up: Script, down: Script, done: int, label: str) -> Script | None:
    """The script that takes back the first `done` statements of an up; None where these have left nothing.

    A statement of the down belongs to it if it drops what one of them has made. Refused where one has no counterpart,
    or where the down holds what cannot be told.
    """
    made = [analyse(statement) for statement in up.statements[:done]]
    later = [analyse(statement) for statement in up.statements[done:]]
    back = [analyse(statement) for statement in down.statements]
    _refuse_untold(down, back, label)
    chosen = [
        statement
        for statement, found in zip(down.statements, back, strict=True)
        if _concerns(found, made) or not (_concerns(found, later) or found.drops)
    ]
    _refuse_left(made, [analyse(statement) for statement in chosen], label)
    if not chosen:
        return None
    text = "".join(f"{statement.text};\n" for statement in chosen)
    return read_script(f"the part of {label}.down.sql that belongs to it", f"-- emr: transaction = off\n{text}")


def _concerns(back: Analysis, ups: Sequence[Analysis]) -> bool:
    """Whether a statement of a down drops what one of these has made."""
    made = {_key(thing) for up in ups for thing in up.creates}
    return any(_key(thing) in made for thing in back.drops)


def _key(thing: Object) -> tuple[str, str, str]:
    """What identifies an object in two files of one migration; only a column needs its table."""
    return thing.kind, _last(thing.name), _last(thing.of or "") if thing.kind == "column" else ""


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _refuse_untold(down: Script, back: Iterable[Analysis], label: str) -> None:
    for found in back:
        if found.opaque:
            raise Refused(
                f"{down.file}, line {found.line}: whether this belongs to what is done of {label} cannot be told.",
                state="Nothing was changed.",
                hint=f"{found.opaque} Take back by hand what is done, or finish it: migrate up.",
            )


def _refuse_left(made: Iterable[Analysis], chosen: Iterable[Analysis], label: str) -> None:
    dropped = {_key(thing) for back in chosen for thing in back.drops}
    tables = {name for kind, name, _ in dropped if kind == "table"}
    for up in made:
        gone = [thing for thing in up.creates if _key(thing) in dropped or _last(thing.of or "") in tables]
        if gone or up.kind in _LEAVES_NOTHING:
            continue
        raise Refused(
            f"No statement of its down takes back line {up.line} of {label} ({up.kind}), which is done.",
            state="Nothing was changed.",
            hint="Take it back by hand, or finish the migration: migrate up.",
        )
