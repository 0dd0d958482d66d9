"""The threat model names code and tests that exist, and leaves no threat out."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| (?P<what>[^|]+) \| [^|]+ \| `(?P<module>[\w.]+):(?P<name>[\w.]+)` \| "
    r"`(?P<test>[^`]+)` \|$"
)
ROWS = [match for line in TEXT.splitlines() if (match := ROW.match(line))]
THREATS = (
    "Lost phone",
    "Shared phone",
    "Curious relative",
    "Insider",
    "Other clinic, other patient",
    "Stolen backup, stolen disk",
    "Intercepted mail",
    "Hostile browser client",
    "Cross-site requests",
    "Link prefetchers",
    "Upload bombs",
    "Rule tampering",
    "Clock tampering",
    "Silent worker death",
)


@cache
def named_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, kinds)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["what"])
def test_names_code_and_a_test_that_exist(row):
    path, name = row["test"].split("::")
    found = importlib.import_module(row["module"])
    for part in row["name"].split("."):
        found = getattr(found, part)

    assert callable(found)
    assert name in named_in(path)


def test_reads_every_row_of_every_table():
    lines = [line for line in TEXT.splitlines() if line.startswith("| ")]
    heads = [line for line in lines if line.endswith("| Code | Test |")]

    assert len(ROWS) == len(lines) - len(heads)


def test_leaves_no_threat_out():
    sections = {part.splitlines()[0]: part for part in TEXT.split("\n## ")[1:]}

    for threat in THREATS:
        assert any(ROW.match(line) for line in sections[threat].splitlines()), threat
