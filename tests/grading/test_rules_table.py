"""The table of rules names code and tests that exist, and leaves no rule out."""

import ast
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(
    r"^\| (?P<clause>[^|]+) \|[^|]+\| `(?P<module>[\w.]+):(?P<name>\w+)` \| `(?P<test>[^`]+)` \|$"
)
ROWS = [
    match
    for line in (ROOT / "docs" / "rules.md").read_text().splitlines()
    if (match := ROW.match(line))
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['clause']}-{row['name']}")
def test_names_code_and_a_test_that_exist(row):
    path, name = row["test"].split("::")
    tree = ast.parse((ROOT / path).read_text())

    assert callable(getattr(importlib.import_module(row["module"]), row["name"]))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_leaves_no_rule_out():
    clauses = " ".join(row["clause"] for row in ROWS)

    for rule in range(1, 12):
        assert re.search(rf"\bR{rule}\b", clauses)


def test_reads_every_row_of_the_table():
    table = (ROOT / "docs" / "rules.md").read_text().split("## How")[0]

    assert len(ROWS) == sum(line.startswith("| ") for line in table.splitlines()) - 1
