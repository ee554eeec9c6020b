"""What libpg_query says that a statement is: its kind, its objects, and the tables that stand in it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pgparse

from console.migrate.kinds.models import Object
from tests.migrate.kinds.words import ACTIONS, CONSTRAINTS, KINDS


class Said(NamedTuple):
    """What a parse tree says of a statement."""

    kind: str
    """Its kind in our words."""
    creates: tuple[Object, ...] = ()
    """What it makes."""
    drops: tuple[Object, ...] = ()
    """What it drops."""
    alters: tuple[Object, ...] = ()
    """The one thing that it is about, where it alters something."""


def parse(text: str) -> tuple[str, Any]:
    """The node of the only statement in a text, and its name."""
    [found] = pgparse.parse(text)
    [(name, node)] = found["stmt"].items()
    return name, node


def said(text: str) -> Said | None:
    """Kind and objects of a statement; None for those that have no rule here."""
    name, node = parse(text)
    rule = globals().get(f"_{name}")
    return rule(node) if rule else None


def tables(text: str) -> set[str]:
    """Every table or view that stands in a statement as such, without the names of its WITH."""
    _, node = parse(text)
    named = {cte["ctename"] for cte in _all(node, "CommonTableExpr")}
    return {relation(each) for each in _relations(node)} - named


def relation(node: Any) -> str:
    """schema.name of a table's node."""
    return ".".join(_quoted(node[key]) for key in ("schemaname", "relname") if key in node)


def _relations(node: Any) -> Iterator[Any]:
    """The nodes of tables, which stand in a tree with and without their type's name."""
    if isinstance(node, dict):
        if "relname" in node:
            yield node
        for value in node.values():
            yield from _relations(value)
    elif isinstance(node, list):
        for value in node:
            yield from _relations(value)


def _all(node: Any, name: str) -> Iterator[Any]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == name:
                yield value
            yield from _all(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from _all(value, name)


def _quoted(name: str) -> str:
    plain = name.replace("_", "a").isalnum() and name == name.lower() and not name[0].isdigit()
    return name if plain else f'"{name}"'


def _strings(node: Any) -> list[str]:
    """The parts of a dotted name, however deep it lies."""
    return [each["sval"] for each in _all(node, "String")] or ([node["sval"]] if "sval" in node else [])


def _dotted(node: Any) -> str:
    return ".".join(_quoted(part) for part in _strings(node))


def _kind(word: str) -> str:
    return KINDS.get(word, word.removeprefix("OBJECT_").lower().replace("_", " "))


def _made(kind: str, name: str, of: str | None = None, verb: str | None = None) -> Said:
    return Said(f"CREATE {verb or kind.upper()}", creates=(Object(kind, name, of),))


def _CreateStmt(node: Any) -> Said:  # noqa: N802 - rules are found by the parser's names
    return _made("table", relation(node["relation"]))


def _CreateTableAsStmt(node: Any) -> Said:  # noqa: N802
    kind = _kind(node["objtype"])
    verb = "TABLE AS" if kind == "table" else None
    return _made(kind, relation(node["into"]["rel"]), verb=verb)


def _IndexStmt(node: Any) -> Said:  # noqa: N802
    verb = "INDEX CONCURRENTLY" if node.get("concurrent") else None
    return _made("index", node.get("idxname", ""), relation(node["relation"]), verb)


def _ViewStmt(node: Any) -> Said:  # noqa: N802
    return _made("view", relation(node["view"]))


def _CreateFunctionStmt(node: Any) -> Said:  # noqa: N802
    return _made("procedure" if node.get("is_procedure") else "function", _dotted(node["funcname"]))


def _CreateTrigStmt(node: Any) -> Said:  # noqa: N802
    return _made("trigger", _quoted(node["trigname"]), relation(node["relation"]))


def _CreatePolicyStmt(node: Any) -> Said:  # noqa: N802
    return _made("policy", _quoted(node["policy_name"]), relation(node["table"]))


def _RuleStmt(node: Any) -> Said:  # noqa: N802
    return _made("rule", node["rulename"], relation(node["relation"]))


def _CreateEnumStmt(node: Any) -> Said:  # noqa: N802
    name = _dotted(node["typeName"])
    values = tuple(Object("enum value", value, name) for value in _strings(node["vals"]))
    return Said("CREATE TYPE", creates=(Object("type", name), *values))


def _CompositeTypeStmt(node: Any) -> Said:  # noqa: N802
    return _made("type", relation(node["typevar"]))


def _CreateRangeStmt(node: Any) -> Said:  # noqa: N802
    return _made("type", _dotted(node["typeName"]))


def _CreateDomainStmt(node: Any) -> Said:  # noqa: N802
    return _made("domain", _dotted(node["domainname"]))


def _CreateSeqStmt(node: Any) -> Said:  # noqa: N802
    return _made("sequence", relation(node["sequence"]))


def _CreateExtensionStmt(node: Any) -> Said:  # noqa: N802
    return _made("extension", _quoted(node["extname"]))


def _CreatePublicationStmt(node: Any) -> Said:  # noqa: N802
    return _made("publication", node["pubname"])


def _CreateStatsStmt(node: Any) -> Said:  # noqa: N802
    return _made("statistics", _dotted(node["defnames"]))


def _CreateForeignServerStmt(node: Any) -> Said:  # noqa: N802
    return _made("server", node["servername"])


def _CreateEventTrigStmt(node: Any) -> Said:  # noqa: N802
    return _made("event trigger", node["trigname"])


def _CreateRoleStmt(node: Any) -> Said:  # noqa: N802
    return _made("role", node["role"], verb=node["stmt_type"].removeprefix("ROLESTMT_"))


def _DefineStmt(node: Any) -> Said | None:  # noqa: N802
    kind = _kind(node["kind"])
    return _made(kind, _dotted(node["defnames"])) if kind != "operator" else None


def _AlterTableStmt(node: Any) -> Said | None:  # noqa: N802
    kind, name = _kind(node["objtype"]), relation(node["relation"])
    if kind == "type":
        return None
    actions = [_action(each["AlterTableCmd"], name) for each in node["cmds"]]
    kinds = list(dict.fromkeys(action.kind for action in actions))
    return Said(
        f"ALTER {kind.upper()} " + ", ".join(kinds),
        creates=tuple(thing for action in actions for thing in action.creates),
        drops=tuple(thing for action in actions for thing in action.drops),
    )


def _action(node: Any, table: str) -> Said:
    kind = ACTIONS.get(node["subtype"], "")
    if node["subtype"] == "AT_AddConstraint":
        made = node["def"]["Constraint"]
        name = Object("constraint", made.get("conname", ""), table)
        return Said(f"ADD {CONSTRAINTS[made['contype']]}", creates=(name,))
    if node["subtype"] == "AT_AddColumn":
        return Said(kind, creates=(Object("column", _quoted(node["def"]["ColumnDef"]["colname"]), table),))
    if node["subtype"] in ("AT_DropColumn", "AT_DropConstraint"):
        return Said(kind, drops=(Object(kind.split()[1].lower(), node["name"], table),))
    if node["subtype"] == "AT_ColumnDefault":
        return Said(f"ALTER COLUMN {'SET' if 'def' in node else 'DROP'} DEFAULT")
    if node["subtype"] == "AT_DetachPartition" and node["def"]["PartitionCmd"].get("concurrent"):
        kind += " CONCURRENTLY"
    return Said(kind)


def _DropStmt(node: Any) -> Said:  # noqa: N802
    kind = _kind(node["removeType"])
    word = {"OBJECT_ROUTINE": "ROUTINE"}.get(node["removeType"], kind.upper())
    verb = f"DROP {word}{' CONCURRENTLY' if node.get('concurrent') else ''}"
    if kind in ("trigger", "policy", "rule"):
        parts = [_strings(each) for each in node["objects"]]
        gone = tuple(Object(kind, each[-1], ".".join(each[:-1])) for each in parts)
    elif kind in ("function", "procedure"):
        gone = tuple(Object(kind, _dotted(each["ObjectWithArgs"]["objname"])) for each in node["objects"])
    elif kind in ("type", "domain"):
        gone = tuple(Object(kind, _dotted(each["TypeName"]["names"])) for each in node["objects"])
    else:
        gone = tuple(Object(kind, _dotted(each)) for each in node["objects"])
    return Said(verb, drops=gone)


def _AlterEnumStmt(node: Any) -> Said:  # noqa: N802
    of = _dotted(node["typeName"])
    if "oldVal" in node:
        return Said("ALTER TYPE RENAME VALUE", alters=(Object("enum value", node["oldVal"], of),))
    return Said("ALTER TYPE ADD VALUE", creates=(Object("enum value", node["newVal"], of),))


def _LockStmt(node: Any) -> Said:  # noqa: N802
    return Said("LOCK TABLE")


def _TruncateStmt(node: Any) -> Said:  # noqa: N802
    return Said("TRUNCATE", alters=tuple(Object("table", relation(each["RangeVar"])) for each in node["relations"]))


def _InsertStmt(node: Any) -> Said:  # noqa: N802
    return Said("INSERT")


def _UpdateStmt(node: Any) -> Said:  # noqa: N802
    return Said("UPDATE")


def _DeleteStmt(node: Any) -> Said:  # noqa: N802
    return Said("DELETE")


def _MergeStmt(node: Any) -> Said:  # noqa: N802
    return Said("MERGE")


def _CommentStmt(node: Any) -> Said:  # noqa: N802
    return Said("COMMENT")


def _GrantStmt(node: Any) -> Said:  # noqa: N802
    return Said("GRANT" if node.get("is_grant") else "REVOKE")


def _RefreshMatViewStmt(node: Any) -> Said:  # noqa: N802
    gently = " CONCURRENTLY" if node.get("concurrent") else ""
    return Said(f"REFRESH MATERIALIZED VIEW{gently}", alters=(Object("materialized view", relation(node["relation"])),))


def _ClusterStmt(node: Any) -> Said:  # noqa: N802
    return Said("CLUSTER", alters=(Object("table", relation(node["relation"])),))


def _DoStmt(node: Any) -> Said:  # noqa: N802
    return Said("DO")
