"""The plan of a statement that somebody else ran, asked without running it; values that are not known are left open."""

from collections.abc import Iterator, Mapping
from typing import Any

from console.db.database import Database
from console.db.query import Query
from console.errors import StatementFailed, Unsupported
from console.row import Row
from console.sql.lexer import SqlError, mask, split
from console.sql.tokens import tokens

NAMES_OF = Query(__package__, "search_path")

PLANNED = frozenset({"select", "with", "insert", "update", "delete", "merge", "values", "table"})
"""How statements begin that have a plan."""

_CONDITIONS = ("Cond", "Filter", "Key", "Order By", "Function Call")
_TARGETS = ("Relation Name", "CTE Name", "Function Name")


class SearchPath(Row):
    """Where a role's statements look for names."""

    path: str
    """As in the setting search_path."""


async def plan(db: Database, text: str, role: str | None) -> str:
    """The plan of one statement that `role` ran, as lines; nothing is executed, and no literal is in it.

    Raises Unsupported where there can be none, StatementFailed where the server cannot plan it.
    """
    kinds = _single(text)
    if "param" in kinds:
        (await db.server()).require("The plan of a statement whose values are not known ($1)", pg=16)
    options = "generic_plan, format json" if "param" in kinds else "format json"
    async with db.asking() as session:
        (found,) = await session.fetch(NAMES_OF, SearchPath, role=role)
        # Planned where the role's names are found: our own sessions look for none outside pg_catalog.
        await session.execute("select set_config('search_path', %(path)s, true)", path=found.path)
        try:
            _, rows = await session.rows(f"explain ({options}) {text}")
        except StatementFailed as error:
            error.hint = "Parts of a statement that are no values once stood where $1 does now, as in interval '1 day'."
            raise
    return "\n".join(line for tree in rows[0][0] for line in _lines(tree["Plan"]))


def _single(text: str) -> set[str]:
    r"""The kinds of tokens of a text that is one statement with a plan, whatever the server takes a backslash for.

    It is sent as it is, so nothing may stand behind it that would be executed.

    >>> _single("select $1; drop table t")
    Traceback (most recent call last):
    ...
    console.errors.Unsupported: This text is not one whole statement, so there is no plan of it.
    >>> _single(r"select '\'; drop table t; --'")
    Traceback (most recent call last):
    ...
    console.errors.Unsupported: This text is not one whole statement, so there is no plan of it.
    """
    found = list(tokens(text))
    doubtful = any(kind == "string" and "\\" in text[start:end] for kind, start, end in found)
    try:
        statements = split(text)
    except SqlError:
        statements = []
    if doubtful or len(statements) != 1:
        raise Unsupported("This text is not one whole statement, so there is no plan of it.")
    first = next((word.lower() for word in statements[0].tokens if word != "("), "")
    if first not in PLANNED:
        raise Unsupported(f"{first.upper()} has no plan: only queries, INSERT, UPDATE, DELETE and MERGE have.")
    return {kind for kind, _, _ in found}


def _lines(node: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """A node of EXPLAIN's JSON and those below it: what it does, what that costs, and its conditions, masked.

    >>> scan = {"Node Type": "Index Scan", "Index Name": "i", "Relation Name": "tasks", "Alias": "t", "Plan Rows": 7,
    ...         "Startup Cost": 0.1, "Total Cost": 8.25, "Index Cond": "(mrn = 'MRN-1'::text)"}
    >>> print("\\n".join(_lines({"Node Type": "Limit", "Plan Rows": 1, "Total Cost": 1.5, "Plans": [scan]})))
    Limit  cost 1.50  rows 1
      Index Scan using i on tasks t  cost 8.25  rows 7
        Index Cond: (mrn = ?::text)
    """
    indent = "  " * depth
    yield f"{indent}{_title(node)}  cost {node['Total Cost']:,.2f}  rows {node['Plan Rows']:,}"
    for name, value in node.items():
        if name.endswith(_CONDITIONS):
            said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield f"{indent}  {name}: {mask(said)}"
    for below in node.get("Plans", ()):
        yield from _lines(below, depth + 1)


def _title(node: Mapping[str, Any]) -> str:
    """What a node does, and with what.

    >>> _title({"Node Type": "ModifyTable", "Operation": "Insert", "Relation Name": "tasks", "Alias": "tasks"})
    'Insert on tasks'
    >>> _title({"Subplan Name": "CTE late", "Node Type": "Hash Join", "Join Type": "Left"})
    'CTE late: Hash Join (left)'
    """
    title = str(node.get("Operation", node["Node Type"]))
    if node.get("Join Type", "Inner") != "Inner":
        title += f" ({node['Join Type'].lower()})"
    if "Subplan Name" in node:
        title = f"{node['Subplan Name']}: {title}"
    if "Index Name" in node:
        title += f" using {node['Index Name']}"
    target = next((str(node[name]) for name in _TARGETS if name in node), "")
    if target:
        title += f" on {target}"
    alias = str(node.get("Alias", target))
    return title if alias == target or not target else f"{title} {alias}"
