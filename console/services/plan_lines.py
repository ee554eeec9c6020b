"""A plan as the server tells it in JSON, written as lines without a literal: pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from console.sql.lexer import mask, masked_name

_CONDITIONS = ("Cond", "Filter", "Key", "Order By", "Function Call")
_TARGETS = ("Relation Name", "CTE Name", "Function Name")
_CTE = "CTE "
_PART, _WORD = (re.compile(rf"\b(InitPlan|SubPlan){between}(\d{{1,3}})\b") for between in " _")
"""A part of the plan, as the server names it since 17 where its result is used, and as one word."""


def plan_lines(node: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """A node of EXPLAIN's JSON and those below it: what it does, what that costs, and its conditions, masked.

    >>> scan = {"Node Type": "Index Scan", "Index Name": "i", "Relation Name": "tasks", "Alias": "t", "Plan Rows": 7,
    ...         "Startup Cost": 0.1, "Total Cost": 8.25, "Index Cond": "(mrn = 'MRN-1'::text)"}
    >>> print("\\n".join(plan_lines({"Node Type": "Limit", "Plan Rows": 1, "Total Cost": 1.5, "Plans": [scan]})))
    Limit  cost 1.50  rows 1
      Index Scan using i on tasks t  cost 8.25  rows 7
        Index Cond: (mrn = ?::text)
    """
    indent = "  " * depth
    yield f"{indent}{_title(node)}  cost {node['Total Cost']:,.2f}  rows {node['Plan Rows']:,}"
    for name, value in node.items():
        if name.endswith(_CONDITIONS):
            said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield f"{indent}  {name}: {_condition(said)}"
    for below in node.get("Plans", ()):
        yield from plan_lines(below, depth + 1)


def _condition(said: str) -> str:
    """A condition without a literal; which part of the plan it names is the server's own count.

    >>> _condition("(((InitPlan 1).col1 IS NOT NULL) AND (mrn = 'InitPlan 1'::text) AND (age > 71))")
    '(((InitPlan 1).col1 IS NOT NULL) AND (mrn = ?::text) AND (age > ?))'
    """
    return _WORD.sub(r"\1 \2", mask(_PART.sub(r"\1_\2", said)))


def _title(node: Mapping[str, Any]) -> str:
    """What a node does, and with what; names as the statement shows them: its author chose aliases, and may those of \
tables.

    >>> _title({"Node Type": "ModifyTable", "Operation": "Insert", "Relation Name": "tasks", "Alias": "tasks"})
    'Insert on tasks'
    >>> _title({"Subplan Name": "CTE late", "Node Type": "Hash Join", "Join Type": "Left"})
    'CTE late: Hash Join (left)'
    >>> _title({"Node Type": "Seq Scan", "Relation Name": "tasks", "Alias": "Jane Doe, 1950"})
    'Seq Scan on tasks "?"'
    """
    title = str(node.get("Operation", node["Node Type"]))
    if node.get("Join Type", "Inner") != "Inner":
        title += f" ({node['Join Type'].lower()})"
    if "Subplan Name" in node:
        title = f"{_subplan(node['Subplan Name'])}: {title}"
    if "Index Name" in node:
        title += f" using {masked_name(node['Index Name'])}"
    target = next((str(node[name]) for name in _TARGETS if name in node), "")
    if target:
        title += f" on {masked_name(target)}"
    alias = str(node.get("Alias", target))
    return title if alias == target or not target else f"{title} {masked_name(alias)}"


def _subplan(name: str) -> str:
    """Which part of the statement it is; only the name of a WITH is its author's.

    >>> _subplan("InitPlan 1 (returns $0)"), _subplan("CTE Jane Doe")
    ('InitPlan 1 (returns $0)', 'CTE "?"')
    """
    return f"{_CTE}{masked_name(name.removeprefix(_CTE))}" if name.startswith(_CTE) else name
